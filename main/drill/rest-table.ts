/** A table as PostgREST answers it (docs.postgrest.org, Tables and Views): what is asked for of one, and no more of it. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './http-service.ts';

type Row = Record<string, unknown>;

/** Rows of one answer, at most: Supabase's usual bound. */
export const mostTableRows = 1000;

const notColumns = ['select', 'order', 'limit', 'offset'];
const holds: Record<string, (order: number) => boolean> = {
  eq: (order) => order === 0,
  neq: (order) => order !== 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
};

/**
 * Answers filters by column (`part=gt.5`), `order=part.desc`, `limit` and `offset`. The Content-Range says which rows of
 * those that the filters let through; how many these are only where `Prefer: count=exact` asks for it.
 */
export function restTable(
  rows: readonly Row[],
  columns: readonly string[],
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): Answer {
  const filters = [...query].filter(([name]) => !notColumns.includes(name));
  const [column = columns[0]!, way] = (query.get('order') ?? '').split('.').filter(Boolean);
  const unknown = [...filters.map(([name]) => name), column].find((name) => !columns.includes(name));
  if (unknown !== undefined) return refused('42703', `column scores.${unknown} does not exist`);
  const tests = filters.map(([name, text]) => testOf(name, text));
  const broken = filters.find((_, i) => tests[i] === null);
  if (broken) return refused('PGRST100', `"failed to parse filter (${broken[1]})"`);
  const found = rows.filter((row) => tests.every((test) => test?.(row)));
  if (query.has('order')) {
    const sign = way === 'desc' ? -1 : 1;
    found.sort((a, b) => sign * compare(a[column], String(b[column])));
  }
  const offset = whole(query.get('offset'), 0);
  const limit = Math.min(whole(query.get('limit'), mostTableRows), mostTableRows);
  const page = found.slice(offset, offset + limit);
  const isCounted = /\bcount=exact\b/.test(String(headers.prefer ?? ''));
  const range = page.length > 0 ? `${offset}-${offset + page.length - 1}` : '*';
  const isPart = isCounted && page.length < found.length;
  return {
    ...(isPart && { status: 206 }),
    headers: { 'Content-Range': `${range}/${isCounted ? found.length : '*'}` },
    body: page,
  };
}

const refused = (code: string, message: string): Answer => ({
  status: 400,
  body: { code, details: null, hint: null, message },
});

/** Null: it is no filter. */
function testOf(column: string, text: string): ((row: Row) => boolean) | null {
  const [, not, operator = '', value = ''] = /^(not\.)?([a-z]+)\.(.*)$/s.exec(text) ?? [];
  const isSo = Object.hasOwn(holds, operator) ? holds[operator] : undefined;
  return isSo ? (row) => isSo(compare(row[column], value)) === (not === undefined) : null;
}

/** As the column's type orders its values: numbers, times, text. */
function compare(cell: unknown, text: string): number {
  if (typeof cell === 'number') return cell - Number(text);
  const told = String(cell);
  const [a, b] = /^\d{4}-\d\d-\d\dT/.test(told) ? [Date.parse(told), Date.parse(text)] : [told, text];
  return a < b ? -1 : a > b ? 1 : 0;
}

function whole(text: string | null, usual: number): number {
  const value = Number(text ?? usual);
  return Number.isInteger(value) && value >= 0 ? value : usual;
}
