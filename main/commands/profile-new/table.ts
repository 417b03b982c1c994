import { WarroomError } from '../../../common/lib/errors.ts';
import { instantOf } from '../../../common/profile/index.ts';
import { jsonOf, look } from './look.ts';
import { nameAfter, unitByName } from './names.ts';
import type { Draft, Note } from './notes.ts';

export interface TableOptions {
  /** With the table: https://x.supabase.co/rest/v1/scores. */
  url: string;
  /** Name of the environment variable that holds the key. */
  keyName: string;
  /** What is in it, where it is set. It goes into the question and nowhere else. */
  key: string | undefined;
  timeoutMs: number;
  taken: readonly string[];
}

const form = /^(https?:\/\/[^\s?#]+)\/rest\/v1\/([A-Za-z_]\w{0,62})$/;

/** Reads one row of a table and drafts it. Throws `bad-input` for an address that is none of a table. */
export async function draftTable(options: TableOptions): Promise<Draft<Record<string, unknown>>> {
  const { url, keyName, key, timeoutMs, taken } = options;
  const [, project, table] = form.exec(url) ?? [];
  if (!project || !table)
    throw new WarroomError(
      'bad-input',
      `${url} is no address of a table.`,
      'Give it with /rest/v1/ and the table: https://x.supabase.co/rest/v1/scores.',
    );
  const headers: Record<string, string> = key ? { apikey: key, authorization: `Bearer ${key}` } : {};
  const found = await look(`${url}?limit=1`, { timeoutMs, headers });
  const rows = jsonOf(found);
  const row = Array.isArray(rows)
    ? ((rows as unknown[])[0] as Record<string, unknown> | undefined)
    : undefined;
  const columns = Object.entries(row ?? {}).filter(([name]) => /^[A-Za-z_]\w{0,62}$/.test(name));
  const keyColumn = (columns.find(([name]) => /^(id|uuid|key|part)$/i.test(name)) ??
    columns.find(([, value]) => Number.isInteger(value)))?.[0];
  const timeColumn = columns.find(([, value]) => instantOf(value, 'iso-8601') !== null)?.[0];
  const fields = columns.flatMap(([name, value]) => {
    const unit = typeof value === 'number' ? unitByName(name) : null;
    return unit === null ? [] : [{ field: name, unit }];
  });
  const notes: Note[] = [
    {
      path: [],
      text: stateOf(
        found.problem,
        rows,
        columns.map(([name]) => name),
        key ? null : keyName,
      ),
    },
    { path: ['means'], text: 'TO FILL IN: what one row stands for.' },
    {
      path: ['keyColumn'],
      text: keyColumn ? 'By its name: is a row known by it?' : 'TO FILL IN: it is not known.',
    },
  ];
  const value = {
    name: nameAfter(table, taken),
    url: project,
    key: { env: keyName },
    table,
    means: `a row of ${table}`,
    keyColumn: keyColumn ?? 'id',
    ...(timeColumn && { timeColumn }),
    order: 'ascending',
    ...(fields.length > 0 && { fields }),
  };
  return { value, notes };
}

/** What came back, in a sentence. `unset`: the variable that has no key. */
function stateOf(problem: string | null, rows: unknown, columns: string[], unset: string | null): string {
  const without = unset === null ? '' : ` It was asked without a key: ${unset} is not set.`;
  if (problem !== null) return `It ${problem}.${without}`;
  if (!Array.isArray(rows)) return `It answered no rows.${without}`;
  if (columns.length === 0) return `It has no row that may be read.${without}`;
  return `Its columns: ${columns.join(', ')}.${without}`;
}
