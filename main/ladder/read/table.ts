/** The rows of a table, page by page. */
import type { ProfileTable } from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';
import type { HttpObservation } from '../http/types.ts';
import { asOfLast, mostRows, type RowsRead } from './rows.ts';
import { columnReader, createTableReader, type TableAnswer, type TableQuery } from './table-reader.ts';
import { walkPages, type Walked } from './walk-pages.ts';

const pageRows = 1000;
const mostPages = 40;

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
        const query = {
          where: { ...where, ...known },
          order: { column: keyColumn, way: 'asc' } as const,
          limit: pageRows,
        };
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
  const offset = total - mostRows + pageRows;
  const [oldest] = (await ask({ order: { column, way }, offset, limit: 1 })).rows;
  const begin = columnReader(column)(oldest);
  if (!isValue(begin)) return walked;
  const newest = await walk({ [column]: [`${way === 'asc' ? 'gte' : 'lte'}.${begin}`] });
  return { ...newest, total, fromFirst: false };
}

const isValue = (value: unknown): value is string | number =>
  typeof value === 'string' || typeof value === 'number';
