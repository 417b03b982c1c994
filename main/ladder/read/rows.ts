import {
  parseJsonPath,
  valuesAt,
  type ProfilePath,
  type ProfileService,
} from '../../../common/profile/index.ts';
import { exchangeEvidence } from '../http/exchange.ts';
import type { CheckEvidence } from '../check.ts';
import type { CheckContext } from '../context.ts';
import type { HttpObservation } from '../http/types.ts';
import { askJson } from './ask-json.ts';
import { keyHeaders } from './key-headers.ts';
import { walkPages, type Page, type Walked } from './walk-pages.ts';

/** Rows as they were answered, and every answer that they came in. */
export interface RowsRead extends Walked {
  seen: HttpObservation[];
  /** What to do about the problem. */
  next: string;
  /** Up to when the newest page tells, microseconds since 1970: when it was asked for, less its age in a cache. */
  asOf: number;
}

/** What is asked of a path: of the profile's own, or one that is only read. */
export type ReadPath = Pick<ProfilePath, 'path' | 'query' | 'rows' | 'total' | 'since' | 'limit'>;

export const mostRows = 10_000;
const mostPages = 60;
/** Of one answer, in evidence and in all. */
const shownPages = 3;

/**
 * The rows of a path: its history where it has `since`, else one answer. Asked once a run. Where there are more than ten
 * thousand, the newest ones. A problem is told beside what was read before it.
 */
export function readRows(context: CheckContext, service: ProfileService, path: ReadPath): Promise<RowsRead> {
  return context.once(`rows ${service.name} ${path.path}`, async (signal) => {
    const asker = await createAsker(context, service, path, signal);
    const { since } = path;
    if (!since) {
      const page = await asker.ask(null);
      return asker.read({ ...page, fromFirst: page.total === page.rows.length, toLast: true });
    }
    const valueOf = valueReader(since.field);
    const walk = (after: unknown) => walkPages({ ask: asker.ask, valueOf, mostRows, mostPages, after });
    const walked = await walk(null);
    if (walked.toLast || walked.problem !== null) return asker.read(walked);
    const after = nearTheEnd(walked, valueOf);
    const tail = after === null ? walked : await walk(after);
    return asker.read(tail.rows.length > 0 ? tail : walked);
  });
}

/** The profile's description of a path; of one that it only names, the path alone. */
export const pathOf = (service: ProfileService, path: string): ReadPath =>
  service.paths.find((each) => each.path === path) ?? { path, query: {} };

/** Reads the first value that lies at a path within a row. */
export function valueReader(field: string): (row: unknown) => unknown {
  const { steps } = parseJsonPath(field);
  return (row) => valuesAt(row, steps)[0];
}

/** The first page and the last ones, as raw as they came. */
export function rowsEvidence(name: string, { seen }: Pick<RowsRead, 'seen'>): CheckEvidence {
  const shown = seen.length > shownPages ? [seen[0]!, ...seen.slice(1 - shownPages)] : seen;
  return exchangeEvidence(name, shown);
}

/** Where the newest rows begin, by how densely the first ones lie; null where their values are no numbers. */
function nearTheEnd({ rows, total }: Walked, valueOf: (row: unknown) => unknown): number | null {
  const [first, last] = [valueOf(rows[0]), valueOf(rows.at(-1))];
  if (total === null || typeof first !== 'number' || typeof last !== 'number') return null;
  const each = (last - first) / Math.max(1, rows.length - 1);
  return Math.floor(last + each * Math.max(0, total - rows.length - mostRows * 0.9));
}

async function createAsker(
  context: CheckContext,
  service: ProfileService,
  path: ReadPath,
  signal: AbortSignal,
) {
  const seen: HttpObservation[] = [];
  const key = service.auth ? await keyHeaders(context, service.auth) : { headers: {}, missing: null };
  let next = '';

  async function ask(after: unknown): Promise<Page> {
    if (key.missing !== null) {
      next = 'Put the key where the profile says.';
      return { rows: [], total: null, problem: key.missing };
    }
    const { timeoutMs } = service;
    const url = addressOf(service.url, path, after);
    const asked = await askJson(context.http, { url, timeoutMs, headers: key.headers, signal });
    seen.push(...asked.seen);
    next = asked.problem?.next ?? '';
    if (asked.problem) return { rows: [], total: null, problem: asked.problem.says };
    const rows = rowsOf(asked.value, path);
    if (rows) return { rows, total: totalOf(asked.value, path), problem: null };
    next = 'Compare its answer with what the profile says of this path (rung 4).';
    return { rows: [], total: null, problem: `Its answer has no list at ${path.rows}.` };
  }

  return {
    ask,
    read: (walked: Walked): RowsRead => ({ ...walked, seen, next, asOf: asOfLast(seen) ?? context.now() }),
  };
}

function addressOf(base: string, path: ReadPath, after: unknown): string {
  const url = new URL(path.path, base);
  for (const [name, value] of Object.entries(path.query)) url.searchParams.set(name, value);
  if (path.limit) url.searchParams.set(path.limit.query, String(path.limit.most));
  if (path.since && (typeof after === 'string' || typeof after === 'number'))
    url.searchParams.set(path.since.query, String(after));
  return url.href;
}

/** Null: there is no list where one is to be. */
function rowsOf(value: unknown, { rows }: ReadPath): unknown[] | null {
  if (rows === undefined) return Array.isArray(value) ? (value as unknown[]) : [value];
  const list = valueReader(rows)(value);
  return Array.isArray(list) ? (list as unknown[]) : null;
}

function totalOf(value: unknown, { total }: ReadPath): number | null {
  const told = total === undefined ? null : valueReader(total)(value);
  return typeof told === 'number' ? told : null;
}

/** When the newest answer was true at the latest: what a cache held is as old as its Age. Null: nothing was answered. */
export function asOfLast(seen: readonly HttpObservation[]): number | null {
  const last = seen.findLast(({ answer }) => answer);
  if (!last) return null;
  const age = Number(last.answer!.headers.age ?? 0);
  return last.sent - (Number.isFinite(age) && age > 0 ? age * 1e6 : 0);
}
