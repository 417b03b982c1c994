/** A table over its REST (PostgREST, as Supabase has it): https://docs.postgrest.org. Rows are read, never written. */
import type { ProfileTable } from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';
import type { HttpObservation } from '../http/types.ts';
import { askJson } from './ask-json.ts';
import { noKey } from './key-headers.ts';
import { asOfLast, mostRows, type RowsRead } from './rows.ts';
import { walkPages, type Walked } from './walk-pages.ts';

export interface TableQuery {
  /** Filters as PostgREST has them, by column: `['eq.ok']`; several of one column hold together. */
  where?: Record<string, string[]>;
  /** As `part.asc`. */
  order?: string;
  limit?: number;
  offset?: number;
}

/** What was answered to one query. */
export interface TableAnswer {
  rows: unknown[];
  /** Of all rows that the filters let through, told by Content-Range; null where it is not told. */
  count: number | null;
  problem: string | null;
  next: string;
  seen: HttpObservation[];
}

/** What reads a table: over its REST here; a client library can stand in its place. */
export interface TableReader {
  ask(query: TableQuery): Promise<TableAnswer>;
}

const pageRows = 1000;
const mostPages = 40;

/** `signal` ends what is asked. The key is asked for once, and stands in no finding and no evidence. */
export function createTableReader(
  context: CheckContext,
  table: ProfileTable,
  signal: AbortSignal,
): TableReader {
  const { timeoutMs } = table;
  const keyed = headersOf(context, table);
  return {
    async ask(query) {
      const { headers, missing } = await keyed;
      const none = { rows: [], count: null };
      if (missing !== null)
        return { ...none, problem: missing, next: 'Put the key where the profile says.', seen: [] };
      const url = addressOf(table, query);
      const { seen, problem, value } = await askJson(context.http, { url, headers, timeoutMs, signal });
      if (problem) return { ...none, ...tableProblem(seen.at(-1)!, problem), seen };
      if (Array.isArray(value))
        return { rows: value as unknown[], count: countOf(seen), problem: null, next: '', seen };
      const next = 'Check the address of the project, and that what answers there is its REST.';
      return { ...none, problem: 'It answers with what is no list of rows.', next, seen };
    },
  };
}

/** All its rows once a run, by key; of more than ten thousand the newest ones. */
export function readTable(context: CheckContext, table: ProfileTable): Promise<RowsRead> {
  return context.once(`table ${table.name}`, async (signal) => {
    const reader = createTableReader(context, table, signal);
    const seen: HttpObservation[] = [];
    let next = '';
    const ask = async (query: TableQuery) => {
      const answer = await reader.ask(query);
      seen.push(...answer.seen);
      next = answer.next;
      return answer;
    };
    const walked = await walkTable(table, ask);
    return { ...walked, seen, next, asOf: asOfLast(seen) ?? context.now() };
  });
}

type Ask = (query: TableQuery) => Promise<TableAnswer>;

async function walkTable(table: ProfileTable, ask: Ask): Promise<Walked> {
  const { keyColumn, timeColumn, order } = table;
  const walk = (where: Record<string, string[]>) =>
    walkPages({
      async ask(after) {
        const known = isValue(after) ? { [keyColumn]: [`gt.${after}`] } : {};
        const query = { where: { ...where, ...known }, order: `${keyColumn}.asc`, limit: pageRows };
        const { rows, count, problem } = await ask(query);
        // With a filter the count is of what is left.
        return { rows, total: after === null ? count : null, problem };
      },
      valueOf: columnReader(keyColumn),
      mostRows,
      mostPages,
      after: null,
    });
  const walked = await walk({});
  const total = walked.total ?? 0;
  if (walked.toLast || walked.problem !== null || total <= walked.rows.length) return walked;
  const column = timeColumn ?? keyColumn;
  const way = timeColumn === undefined && order === 'descending' ? 'desc' : 'asc';
  const [oldest] = (await ask({ order: `${column}.${way}`, offset: total - mostRows + pageRows, limit: 1 }))
    .rows;
  const begin = columnReader(column)(oldest);
  if (!isValue(begin)) return walked;
  const newest = await walk({ [column]: [`${way === 'asc' ? 'gte' : 'lte'}.${begin}`] });
  return { ...newest, total, fromFirst: false };
}

const isValue = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';

/** A column of a row; undefined where the row has none of that name. */
export const columnReader =
  (column: string) =>
  (row: unknown): unknown =>
    typeof row === 'object' && row !== null && Object.hasOwn(row, column)
      ? (row as Record<string, unknown>)[column]
      : undefined;

async function headersOf(context: CheckContext, { key, schema }: ProfileTable) {
  const headers: Record<string, string> = { prefer: 'count=exact' };
  if (schema !== 'public') headers['accept-profile'] = schema;
  if (!key) return { headers, missing: null };
  const secret = await context.secret(key);
  if (secret === null) return { headers, missing: noKey(key) };
  return { headers: { ...headers, apikey: secret, authorization: `Bearer ${secret}` }, missing: null };
}

function addressOf(table: ProfileTable, { where = {}, order, limit, offset }: TableQuery): string {
  const url = new URL(`${table.url.replace(/\/+$/, '')}/rest/v1/${table.table}`);
  for (const [column, filters] of Object.entries(where))
    for (const filter of filters) url.searchParams.append(column, filter);
  if (order !== undefined) url.searchParams.set('order', order);
  if (limit !== undefined) url.searchParams.set('limit', String(limit));
  if (offset !== undefined) url.searchParams.set('offset', String(offset));
  return url.href;
}

/** What stands behind the slash of `Content-Range: 0-24/3573`. */
function countOf(seen: readonly HttpObservation[]): number | null {
  const told = /\/(\d{1,15})$/.exec(seen.at(-1)?.answer?.headers['content-range'] ?? '')?.[1];
  return told === undefined ? null : Number(told);
}

/** What to do about the codes that PostgREST and Postgres tell (docs.postgrest.org, Errors). */
const steps: [code: RegExp, next: string][] = [
  [/^PGRST30[0-3]$/, 'Check the key: its signature, and until when it holds.'],
  [/^42501$/, 'The key has no right to read it: look at its grants.'],
  [/^(42P01|PGRST205)$/, 'Check the name of the table, and whether it was renamed (rung 4).'],
  [/^(42703|PGRST204)$/, 'A column that the profile names is not there: compare the schema (rung 4).'],
  [/^PGRST106$/, 'Its schema is not among those that the REST shows.'],
  [/^PGRST00[0-3]$/, 'The REST does not reach its database: look at the database.'],
  [/^57014$/, 'The query took too long: look at indexes and at what else runs there.'],
];

/** What went wrong, in the words of PostgREST where it has some. */
function tableProblem({ answer }: HttpObservation, problem: { says: string; next: string }) {
  const told = answer && errorOf(answer.body);
  if (!told) return { problem: problem.says, next: problem.next };
  const next = steps.find(([code]) => code.test(told.code))?.[1] ?? problem.next;
  return { problem: `It answers ${answer.status}: ${told.message} (${told.code}).`, next };
}

function errorOf(body: Uint8Array): { code: string; message: string } | null {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(body));
  } catch {
    // A page of something in front of it: the status tells all there is.
    return null;
  }
  const [code, message] = ['code', 'message'].map((name) => columnReader(name)(value));
  return typeof code === 'string' && typeof message === 'string'
    ? { code: code.slice(0, 20), message: message.slice(0, 300) }
    : null;
}
