/** Rows that come in pages, each asked for by the last row that is known. */

/** One answer. `total`: how many rows there are in all, where it says so. */
export interface Page {
  rows: unknown[];
  total: number | null;
  /** Why there are none; the walk ends there. */
  problem: string | null;
}

export interface Walked {
  /** Oldest first, without a hole between them. */
  rows: unknown[];
  total: number | null;
  problem: string | null;
  /** The first row that there is, is among them. */
  fromFirst: boolean;
  /** The newest row that there was, is among them. */
  toLast: boolean;
}

export interface WalkOptions {
  /** Asks for the rows after this value; null: from the first on. */
  ask(after: unknown): Promise<Page>;
  /** What a row is asked by: grows from row to row. */
  valueOf(row: unknown): unknown;
  /** Ends after so many rows. */
  mostRows: number;
  mostPages: number;
  /** Begins after this value; null: with the first row. */
  after: unknown;
}

/**
 * Walks until a page brings nothing new. The last value of a page is asked for again with the next one: a row that is there
 * twice stays so wherever a page ends. Pages that stand newest first are turned round.
 */
export async function walkPages(options: WalkOptions): Promise<Walked> {
  const { ask, valueOf, mostRows, mostPages } = options;
  const walked: Walked = {
    rows: [],
    total: null,
    problem: null,
    fromFirst: options.after === null,
    toLast: false,
  };
  let after = options.after;
  /** Rows of the last value, which the next page is to bring again. */
  let held: unknown[] = [];
  let firstSize = 0;
  for (let page = 0; page < mostPages && walked.rows.length < mostRows; page++) {
    const { rows: answered, total, problem } = await ask(after);
    walked.problem = problem;
    walked.total = total ?? walked.total;
    if (problem !== null) break;
    const { rows, isTurned } = inOrder(answered, valueOf);
    const fresh = withoutKnown(rows, walked.rows, after, valueOf);
    if (fresh.length <= held.length || repeats(fresh, walked.rows, valueOf)) {
      walked.toLast = true;
      break;
    }
    if (page === 0) firstSize = fresh.length;
    if (isTurned) walked.fromFirst = false;
    // The newest so many: what lies between them and the rows before may have been left out.
    if (isTurned && page > 0 && fresh.length >= firstSize) walked.rows = [];
    const last = valueOf(fresh.at(-1));
    const from = fresh.findIndex((row) => compareValues(valueOf(row), last) === 0);
    held = from > 0 ? fresh.slice(from) : [];
    walked.rows.push(...(from > 0 ? fresh.slice(0, from) : fresh));
    after = from > 0 ? valueOf(fresh[from - 1]) : last;
  }
  walked.rows.push(...held);
  if (walked.total !== null) walked.fromFirst = walked.rows.length >= walked.total;
  return walked;
}

function inOrder(rows: unknown[], valueOf: (row: unknown) => unknown) {
  const isTurned = rows.length > 1 && compareValues(valueOf(rows[0]), valueOf(rows.at(-1))) > 0;
  return { rows: isTurned ? [...rows].reverse() : rows, isTurned };
}

/** Without rows that were there already: some services answer "since" with the known row itself. */
function withoutKnown(
  rows: unknown[],
  known: unknown[],
  after: unknown,
  valueOf: (row: unknown) => unknown,
): unknown[] {
  if (after === null) return rows;
  const isAfter = (row: unknown) => compareValues(valueOf(row), after) === 0;
  const same = new Set(known.filter(isAfter).map((row) => JSON.stringify(row)));
  return rows.filter((row) => !isAfter(row) || !same.has(JSON.stringify(row)));
}

/** A service that does not heed what it is asked answers its first page for ever. */
const repeats = (rows: unknown[], known: unknown[], valueOf: (row: unknown) => unknown) =>
  known.length > 0 && compareValues(valueOf(rows[0]), valueOf(known[0])) <= 0;

/** Numbers, also such in text, by their size; all else by its text. */
export function compareValues(a: unknown, b: unknown): number {
  const [left, right] = [numberOf(a), numberOf(b)];
  if (left !== null && right !== null) return left - right;
  const [one, other] = [textOf(a), textOf(b)];
  return one < other ? -1 : one > other ? 1 : 0;
}

const numberOf = (value: unknown) =>
  typeof value === 'number'
    ? value
    : typeof value === 'string' && /^-?\d{1,15}(\.\d+)?$/.test(value)
      ? Number(value)
      : null;
const textOf = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
