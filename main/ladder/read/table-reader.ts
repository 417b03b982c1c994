/** A table asked by Supabase's own client (PostgREST: https://docs.postgrest.org). Rows are read, never written. */
import { cutText } from '../../../common/lib/cut-text.ts';
import type { ProfileTable } from '../../../common/profile/index.ts';
import type { AnswerProblem } from '../checks/tools/answer-problem.ts';
import type { CheckContext } from '../context.ts';
import type { HttpObservation } from '../http/types.ts';
import { askJson, type JsonAsked } from './ask-json.ts';
import { noKey } from './key-headers.ts';
import { createTableClient, type TableClient } from './table-client.ts';

export interface TableQuery {
  /** Filters as PostgREST has them, by column: `['eq.ok']`; several of one column hold together. */
  where?: Record<string, string[]>;
  order?: { column: string; way: 'asc' | 'desc' };
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

/** What reads a table: Supabase’s own client here. */
export interface TableReader {
  ask(query: TableQuery): Promise<TableAnswer>;
}

/** `signal` ends what is asked. The key is asked for once, and stands in no finding and no evidence. */
export function createTableReader(
  context: CheckContext,
  table: ProfileTable,
  signal: AbortSignal,
): TableReader {
  const { timeoutMs } = table;
  const opened = openTable(context, table);
  return {
    async ask(query) {
      const { client, missing } = await opened;
      const none = { rows: [], count: null };
      if (!client)
        return { ...none, problem: missing, next: 'Put the key where the profile says.', seen: [] };
      const asking: JsonAsked[] = [];
      const from = client(async (request) => {
        const asked = await askJson(context.http, { ...request, timeoutMs, signal });
        asking.push(asked);
        return asked.seen.at(-1)!.answer;
      });
      const { data, error } = await narrow(from.select('*', { count: 'exact' }), query);
      const [asked] = asking;
      if (!asked) return { ...none, ...notSent, seen: [] };
      const { seen, problem } = asked;
      // What the client makes of an answer comes after what the raw one says.
      if (problem) return { ...none, ...tableProblem(seen.at(-1)!, problem, error), seen };
      if (Array.isArray(data)) return { rows: data, count: countOf(seen), problem: null, next: '', seen };
      const next = 'Check the address of the project, and that what answers there is its REST.';
      return { ...none, problem: 'It answers with what is no list of rows.', next, seen };
    },
  };
}

/** Words of the client may hold the key that it could not send. */
const notSent = {
  problem: 'It could not be asked: its key is none that can be sent, or its address is none.',
  next: 'Look at the key for spaces and line ends, then at the address in the profile.',
};

async function openTable(
  context: CheckContext,
  table: ProfileTable,
): Promise<{ client: TableClient; missing: null } | { client: null; missing: string }> {
  const secret = table.key ? await context.secret(table.key) : null;
  if (table.key && secret === null) return { client: null, missing: noKey(table.key) };
  return { client: await createTableClient(table, secret), missing: null };
}

type Select = ReturnType<ReturnType<TableClient>['select']>;

function narrow(select: Select, { where = {}, order, limit, offset }: TableQuery): Select {
  for (const [column, filters] of Object.entries(where))
    for (const filter of filters) {
      // `not.eq.5` is the operator `not` of `eq.5` to the client too.
      const [operator = '', ...value] = filter.split('.');
      select.filter(column, operator, value.join('.'));
    }
  if (order) select.order(order.column, { ascending: order.way === 'asc' });
  if (offset !== undefined && limit !== undefined) select.range(offset, offset + limit - 1);
  else if (limit !== undefined) select.limit(limit);
  return select;
}

/** A column of a row; undefined where the row has none of that name. */
export const columnReader =
  (column: string) =>
  (row: unknown): unknown =>
    typeof row === 'object' && row !== null && Object.hasOwn(row, column)
      ? (row as Record<string, unknown>)[column]
      : undefined;

/** What stands behind the slash of `Content-Range: 0-24/3573`: the client takes the leading digits of anything for it. */
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

/** What went wrong, in the words of PostgREST where the client found some. */
function tableProblem(observed: HttpObservation, problem: AnswerProblem, error: unknown) {
  const [code, message] = ['code', 'message'].map((name) => columnReader(name)(error));
  if (!observed.answer || typeof code !== 'string' || typeof message !== 'string' || code === '')
    return { problem: problem.says, next: problem.next };
  const next = steps.find(([known]) => known.test(code))?.[1] ?? problem.next;
  const told = `${cutText(message, 300)} (${cutText(code, 20)})`;
  return { problem: `It answers ${observed.answer.status}: ${told}.`, next };
}
