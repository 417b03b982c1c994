/** The ledger on disk: one SQLite file (WAL, synchronous FULL), and the one place with its SQL. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';

/** An entry as it is stored: the canonical texts that were hashed. */
export interface Row {
  seq: number;
  /** canonical(head) */
  head: string;
  /** canonical(body) */
  body: string;
  /** 16 bytes, hex. */
  salt: string;
  /** Leaf hash of the head, 32 bytes. */
  leaf: Uint8Array;
}

export interface Store {
  /** Writes rows and snapshots in one transaction; on disk when it returns. Throws `no-space` or what SQLite says. */
  commit(rows: Row[], snapshots: { size: number; state: string }[]): void;
  /** Rows with from ≤ seq < to, in order. */
  read(from: number, to: number): Row[];
  /** All rows in order, one at a time. */
  all(): Iterable<Row>;
  count(): number;
  /** The newest snapshot of at most `size` entries. */
  snapshot(size: number): { size: number; state: string } | null;
  leaves(size: number): Uint8Array;
  close(): void;
}

const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY, head TEXT NOT NULL, body TEXT NOT NULL, salt TEXT NOT NULL, leaf BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS snapshots (size INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
  PRAGMA user_version = 1;
`;

/** Opens or makes the file. Throws `damaged` when it is no database of ours. */
export function openStore(path: string, { readOnly = false } = {}): Store {
  const database = openDatabase(path, readOnly);
  const sql = (text: string): StatementSync => database.prepare(text);
  const insert = readOnly
    ? null
    : sql('INSERT INTO entries (seq, head, body, salt, leaf) VALUES (?, ?, ?, ?, ?)');
  const insertSnapshot = readOnly
    ? null
    : sql('INSERT OR REPLACE INTO snapshots (size, state) VALUES (?, ?)');
  const range = sql(
    'SELECT seq, head, body, salt, leaf FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq',
  );
  const count = sql('SELECT count(*) AS n FROM entries');
  const nearest = sql('SELECT size, state FROM snapshots WHERE size <= ? ORDER BY size DESC LIMIT 1');
  const leaves = sql('SELECT leaf FROM entries WHERE seq < ? ORDER BY seq');

  return {
    commit(rows, snapshots) {
      try {
        database.exec('BEGIN IMMEDIATE');
        for (const { seq, head, body, salt, leaf } of rows) insert?.run(seq, head, body, salt, leaf);
        for (const { size, state } of snapshots) insertSnapshot?.run(size, state);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw sqliteError(error, path);
      }
    },
    read: (from, to) => range.all(from, to) as unknown as Row[],
    all: () => range.iterate(0, Number.MAX_SAFE_INTEGER) as Iterable<unknown> as Iterable<Row>,
    count: () => Number(count.get()?.n),
    snapshot: (size) => (nearest.get(size) as { size: number; state: string } | undefined) ?? null,
    leaves: (size) => Buffer.concat(leaves.all(size).map((row) => row.leaf as Uint8Array)),
    close: () => database.close(),
  };
}

function openDatabase(path: string, readOnly: boolean): DatabaseSync {
  try {
    const database = new DatabaseSync(path, { readOnly });
    // FULL: an acknowledged entry outlives a power cut. A reader that only lists need not change anything.
    database.exec('PRAGMA busy_timeout = 2000');
    if (!readOnly) database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${schema}`);
    return database;
  } catch (error) {
    throw sqliteError(error, path);
  }
}

/** SQLite's result codes: 13 full, 11 corrupt, 26 not a database, 8 read-only, 14 can't open. */
function sqliteError(error: unknown, path: string): WarroomError {
  const code = (error as { errcode?: number }).errcode ?? 0;
  const primary = code & 0xff;
  const what = `The ledger ${path}`;
  if (primary === 13)
    return fromSystem(Object.assign(new Error('the disk is full'), { code: 'ENOSPC' }), what);
  // An I/O error while writing is most often a full disk too, but SQLite can't tell.
  if (primary === 10)
    return new WarroomError(
      'no-space',
      `${what}: reading or writing failed (disk full, or failing).`,
      'Free some space or check the disk, then try again.',
    );
  if (primary === 11 || primary === 26)
    return new WarroomError('damaged', `${what} is damaged: ${(error as Error).message}`);
  return fromSystem(error, what);
}
