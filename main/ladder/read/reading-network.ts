import type { ProfileReading } from '../../../common/profile/index.ts';
import { answerProblem } from '../checks/tools/answer-problem.ts';
import { exchangeEvidence } from '../http/exchange.ts';
import type { CheckContext } from '../context.ts';
import { askJson } from './ask-json.ts';
import { keyHeaders } from './key-headers.ts';
import { takeOf, valuesOf } from './pick-value.ts';
import type { ReadingResult } from './reading.ts';
import { columnReader, createTableReader, type TableQuery } from './table-reader.ts';

/** Seconds: what a cache has held longer says nothing of now. */
const stale = 10;

/** What a service answers at a path, or what the pattern means in it. */
export async function readHttp(
  context: CheckContext,
  reading: Extract<ProfileReading, { by: 'http' }>,
): Promise<ReadingResult> {
  const service = context.profile.services.find(({ name }) => name === reading.service)!;
  const where = `${service.name} ${reading.path}`;
  const key = service.auth ? await keyHeaders(context, service.auth) : { headers: {}, missing: null };
  if (key.missing !== null)
    return { says: `${where}: ${key.missing}`, next: 'Put the key where the profile says.' };
  const url = new URL(reading.path, service.url);
  const usual = service.paths.find(({ path }) => path === reading.path)?.query ?? {};
  for (const [name, value] of Object.entries({ ...usual, ...reading.query }))
    url.searchParams.set(name, value);
  const { timeoutMs } = service;
  const request = { url: url.href, headers: key.headers, timeoutMs, signal: context.signal };
  const seen =
    reading.field === undefined ? [await context.http(request)] : (await askJson(context.http, request)).seen;
  const last = seen.at(-1)!;
  const evidence = [exchangeEvidence(`${service.name}-says.txt`, seen)];
  const problem = answerProblem(last);
  const explainedBy = `tools.service ${service.name}`;
  if (problem) return { says: `${where}: ${problem.says}`, next: problem.next, explainedBy, evidence };
  const age = Number(last.answer!.headers.age ?? 0);
  if (age > stale)
    return {
      says: `${where} answers from a cache, ${age} s old.`,
      next: 'Ask it past the cache in front of it.',
      explainedBy,
      evidence,
    };
  const values = valuesOf(reading, new TextDecoder().decode(last.answer!.body));
  if (values) return { value: takeOf(values, reading.take), where, evidence };
  const next = 'Open the address in a browser.';
  return { says: `${where} answers what is no JSON.`, next, explainedBy, evidence };
}

/** How many rows a table has, or a column of its newest or oldest. */
export async function readTableValue(
  context: CheckContext,
  reading: Extract<ProfileReading, { by: 'table' }>,
): Promise<ReadingResult> {
  const table = context.profile.tables.find(({ name }) => name === reading.table)!;
  const reader = createTableReader(context, table, context.signal);
  const where = Object.fromEntries(
    Object.entries(reading.where).map(([column, filter]) => [column, [filter]]),
  );
  const way = isRising(table, reading.take) ? 'asc' : 'desc';
  const query: TableQuery = { where, order: { column: table.timeColumn ?? table.keyColumn, way }, limit: 1 };
  const { rows, count, problem, next, seen } = await reader.ask(query);
  const explainedBy = `tools.table ${table.name}`;
  if (problem !== null)
    return {
      says: `${table.name}: ${problem}`,
      next,
      ...(seen.length > 0 && {
        explainedBy,
        evidence: [exchangeEvidence(`${table.name}-shows.txt`, seen)],
      }),
    };
  if (reading.take === 'count' && count === null)
    return { says: `${table.name} does not tell how many rows it has.`, next: 'Look at its Content-Range.' };
  const evidence = [exchangeEvidence(`${table.name}-shows.txt`, seen)];
  const value = reading.take === 'count' ? count : (columnReader(reading.column!)(rows[0]) ?? null);
  const isEmpty = rows.length === 0 && (await reader.ask({ limit: 1 })).rows.length === 0;
  return { value, where: `table ${table.name}`, evidence, ...(isEmpty && { doubt: explainedBy }) };
}

/** Whether the row that is meant stands first in rising order. A count has no order that matters. */
function isRising(
  { timeColumn, order }: { timeColumn?: string | undefined; order: string },
  take: string,
): boolean {
  const growsDown = timeColumn === undefined && order === 'descending';
  return (take === 'newest') === growsDown;
}
