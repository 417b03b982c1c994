import type { ProfileTable } from '../../../../common/profile/index.ts';
import { exchangeEvidence } from '../../http/exchange.ts';
import { readLayer } from '../../read/layer-parts.ts';
import type { RowsRead } from '../../read/rows.ts';
import { columnReader, createTableReader, type TableAnswer } from '../../read/table-reader.ts';
import { readTable } from '../../read/table.ts';
import type { Check, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';

/** Once is not enough (LADDER). */
const probes = 9;
/** So many of the nine failed: it is not one that was lost on the way. */
const manyFailed = 3;
/** Its median is expected within this many times what is usual. */
const slowBy = 2;
/** From so many rows on, a read begins behind the first row. */
const mostCompared = 5_000;
/** Answers in evidence. */
const shownAnswers = 6;

/**
 * Whether a table can be read: address, key, rights, its columns, an answer in time, as many rows as it counts, and rows where
 * the layers before have some (a policy that hides rows answers with an empty list and 200).
 */
export const tableCheck: Check = {
  id: 'tools.table',
  rung: 3,
  title: 'Table can be read',
  effect: 'none',
  timeoutMs: 60_000,
  subjects: ({ tables }) => tables.map(({ name }) => name),
  run: judgeTable,
};

/** Its verdict, once a run: it explains what others read of it. */
export function judgeTable(name: string, context: CheckContext): Promise<Found> {
  return context.once(`verdict table ${name}`, async () => {
    const table = context.profile.tables.find((each) => each.name === name)!;
    const answers = await probe(table, context);
    const failed = failures(table, answers);
    const evidence = (seen: RowsRead['seen']) => [
      exchangeEvidence(`${name}-table.txt`, seen.slice(0, shownAnswers)),
    ];
    const asked = answers.flatMap(({ seen }) => seen);
    if (failed)
      return { ...failed, evidence: evidence(failed.result === 'unknown' ? asked : worstFirst(answers)) };
    const read = await readTable(context, table);
    const found =
      (await withoutRows(table, read, context)) ??
      columnsMissing(table, read) ??
      rowsHidden(table, read) ??
      slow(table, answers) ??
      readable(table, read, answers);
    return { ...found, evidence: evidence([...asked.slice(0, 2), ...read.seen]) };
  });
}

async function probe(table: ProfileTable, context: CheckContext): Promise<TableAnswer[]> {
  const reader = createTableReader(context, table, context.signal);
  const answers: TableAnswer[] = [];
  for (let i = 0; i < probes && !context.signal.aborted; i++) {
    answers.push(await reader.ask({ limit: 1 }));
    // A key that is not here stays so.
    if (answers[i]!.seen.length === 0) break;
  }
  return answers;
}

/** A probe failed where any of its tries did: what has to be asked twice is not well. */
const isFailed = ({ seen, problem }: TableAnswer) => problem !== null || seen.length > 1;

function failures({ name }: ProfileTable, answers: readonly TableAnswer[]): Found | null {
  const [first] = answers;
  if (first?.seen.length === 0)
    return { result: 'unknown', says: `${name} can't be read. ${first.problem}`, next: first.next };
  const failed = answers.filter(isFailed);
  const told = failed.find(({ problem }) => problem !== null);
  const words = told?.problem ?? 'Some had to be asked again.';
  const says = `${name}: ${failed.length} of ${answers.length} probes failed. ${words}`;
  const next = told?.next ?? 'Look at the log of its REST, and at what limits its requests.';
  if (failed.length >= manyFailed) return { result: 'fail', says, next };
  return failed.length > 1 ? { result: 'warn', says, next } : null;
}

const worstFirst = (answers: readonly TableAnswer[]) =>
  [...answers].sort((a, b) => Number(isFailed(b)) - Number(isFailed(a))).flatMap(({ seen }) => seen);

/** An empty list, or none at all. What the layers before have tells whether there should be rows. */
async function withoutRows(
  { name, key }: ProfileTable,
  read: RowsRead,
  context: CheckContext,
): Promise<Found | null> {
  if (read.problem !== null)
    return { result: 'fail', says: `${name} can't be read to its end. ${read.problem}`, next: read.next };
  if (read.rows.length > 0) return null;
  const due = await partsBefore(name, read, context);
  if (due === null)
    return {
      result: 'unknown',
      says: `${name} answers with an empty list: whether it is empty, or its rows are hidden from this key, can't be told from here.`,
      next: 'Look at it with a key that sees all rows.',
    };
  if (due.parts === 0)
    return {
      result: 'pass',
      says: `${name} can be read, and is empty as ${due.layer} is.`,
      rulesOut: `That ${name} can't be reached with this key.`,
    };
  return {
    result: 'fail',
    says: `${name} answers with an empty list and no error, where ${due.layer} has ${due.parts} parts that it had time for.`,
    next: `Most often a row-level policy hides the rows from ${key ? 'this key' : 'who asks without a key'}: look at the policies, then whether anything is written at all.`,
  };
}

/** How many parts the nearest layer before it has that can be read; null: there is none. */
async function partsBefore(
  table: string,
  read: RowsRead,
  context: CheckContext,
): Promise<{ layer: string; parts: number } | null> {
  const { layers } = context.profile;
  const place = layers.findIndex(({ source }) => source.by === 'table' && source.table === table);
  const most = (layers[place]?.delay?.most ?? 0) * 1e6;
  for (const layer of layers.slice(0, Math.max(0, place)).reverse()) {
    const before = await context.once(`layer ${layer.name}`, () => readLayer(context, layer));
    if ('says' in before) continue;
    const parts =
      before.count ?? before.parts.filter(({ at }) => at === null || at + most <= read.asOf).length;
    return { layer: layer.name, parts };
  }
  return null;
}

function columnsMissing({ name, keyColumn, timeColumn }: ProfileTable, { rows }: RowsRead): Found | null {
  const wanted = [keyColumn, ...(timeColumn === undefined ? [] : [timeColumn])];
  const missing = wanted.filter((column) => rows.every((row) => columnReader(column)(row) === undefined));
  if (missing.length === 0) return null;
  return {
    result: 'fail',
    says: `No row of ${name} has ${missing.join(' and ')}, which the profile names.`,
    next: 'Compare its schema with the profile (rung 4): a column may be called otherwise, or hidden from this key.',
  };
}

/** It counts more rows than it gives, though it was read to its end. */
function rowsHidden({ name }: ProfileTable, { rows, total, toLast, fromFirst }: RowsRead): Found | null {
  if (!toLast || total === null || rows.length >= total) return null;
  // Of a long table only the newest rows are read.
  if (!fromFirst && rows.length >= mostCompared) return null;
  return {
    result: 'warn',
    says: `${name} counts ${total} rows and gives ${rows.length}.`,
    next: 'Look for rows without a key, and for what is deleted or hidden while it is read.',
  };
}

function slow({ name, expectedMs }: ProfileTable, answers: readonly TableAnswer[]): Found | null {
  const median = medianOf(answers);
  if (expectedMs === undefined || median <= slowBy * expectedMs) return null;
  return {
    result: 'fail',
    says: `${name} is slow: median ${Math.round(median)} ms of ${answers.length} probes, where ${expectedMs} ms are usual.`,
    next: 'Look at the load of its database, and at what else is asked of it.',
  };
}

function readable({ name }: ProfileTable, read: RowsRead, answers: readonly TableAnswer[]): Found {
  const counted = read.total === null ? '' : `, and it counts ${read.total}`;
  const once = answers.some(isFailed) ? ` One of ${answers.length} probes failed.` : '';
  return {
    result: 'pass',
    says: `${name} can be read: ${read.rows.length} rows${counted}; median ${Math.round(medianOf(answers))} ms of ${answers.length} probes.${once}`,
    rulesOut: `That ${name} can't be reached, or hides its rows from this key.`,
  };
}

function medianOf(answers: readonly TableAnswer[]): number {
  const times = answers.flatMap(({ seen }) => seen.slice(-1).map(({ total }) => total)).sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? NaN;
}
