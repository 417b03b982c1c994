/** The ledger on disk: one SQLite file (WAL, synchronous FULL), and the one place with its SQL. */
import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';

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

/** The fold of the first `size` entries, as JSON. */
export interface Snapshot {
  size: number;
  state: string;
}

export interface Store {
  /** Writes rows and snapshots in one transaction; on disk when it returns. Throws `no-space` or what SQLite says. */
  commit(rows: Row[], snapshots: Snapshot[]): void;
  /** Makes the snapshots exactly those given. Writes nothing when they are that already. */
  keepSnapshots(sizes: number[], state: (size: number) => string): void;
  /** Rows with from ≤ seq < to, in order. */
  read(from: number, to: number): Row[];
  /** All rows in order, one at a time. Throws `damaged` where the file can't be read on. */
  all(): Iterable<Row>;
  /** What is wrong with the file's structure, where no entry may lie but the next write would fail; or null. */
  fault(): string | null;
  count(): number;
  /** One more than the highest seq. */
  end(): number;
  /** The newest snapshot of at most `size` entries. */
  snapshot(size: number): Snapshot | null;
  close(): void;
}

/** Entries between two snapshots of the fold. */
export const snapshotEvery = 512;
const version = 1;
const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    seq INTEGER PRIMARY KEY, head TEXT NOT NULL, body TEXT NOT NULL, salt TEXT NOT NULL, leaf BLOB NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS snapshots (size INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;
  PRAGMA user_version = ${version};
`;
const sql = {
  insert: 'INSERT INTO entries (seq, head, body, salt, leaf) VALUES (?, ?, ?, ?, ?)',
  insertSnapshot: 'INSERT OR REPLACE INTO snapshots (size, state) VALUES (?, ?)',
  deleteSnapshot: 'DELETE FROM snapshots WHERE size = ?',
  range: 'SELECT seq, head, body, salt, leaf FROM entries WHERE seq >= ? AND seq < ? ORDER BY seq',
  count: 'SELECT count(*) AS n FROM entries',
  end: 'SELECT coalesce(max(seq) + 1, 0) AS n FROM entries',
  snapshot: 'SELECT size, state FROM snapshots WHERE size <= ? ORDER BY size DESC LIMIT 1',
  snapshotSizes: 'SELECT size FROM snapshots ORDER BY size',
};

/**
 * Opens the file, or makes it. With `readOnly` not a byte of it or of its write-ahead log is changed. Throws `damaged`
 * when it is no ledger.
 */
export function openStore(path: string, { readOnly = false } = {}): Store {
  const database = openDatabase(path, readOnly);
  const prepared = new Map<string, StatementSync>();
  /** Every use of the database, with SQLite's errors made ours. */
  const use = <T>(text: string, work: (statement: StatementSync) => T): T => {
    try {
      const statement = prepared.get(text) ?? database.prepare(text);
      prepared.set(text, statement);
      return work(statement);
    } catch (error) {
      throw sqliteError(error, path);
    }
  };
  const transaction = (work: () => void) => {
    try {
      database.exec('BEGIN IMMEDIATE');
      work();
      database.exec('COMMIT');
    } catch (error) {
      throw rolledBack(database, sqliteError(error, path));
    }
  };
  const snapshot = (size: number) =>
    use(sql.snapshot, (find) => (find.get(size) as Snapshot | undefined) ?? null);

  return {
    commit: (rows, snapshots) =>
      transaction(() => {
        for (const { seq, head, body, salt, leaf } of rows)
          use(sql.insert, (insert) => insert.run(seq, head, body, salt, leaf));
        for (const { size, state } of snapshots) use(sql.insertSnapshot, (insert) => insert.run(size, state));
      }),
    keepSnapshots(sizes, state) {
      const there = use(sql.snapshotSizes, (list) => list.all().map(({ size }) => Number(size)));
      const surplus = there.filter((size) => !sizes.includes(size));
      if (surplus.length > 0)
        transaction(() => {
          for (const size of surplus) use(sql.deleteSnapshot, (remove) => remove.run(size));
        });
      // One at a time: their texts may be large.
      for (const size of sizes) {
        const text = state(size);
        const stored = snapshot(size);
        if (stored?.size === size && stored.state === text) continue;
        transaction(() => use(sql.insertSnapshot, (insert) => insert.run(size, text)));
      }
    },
    read: (from, to) => use(sql.range, (range) => range.all(from, to) as unknown as Row[]),
    *all() {
      const rows = use(sql.range, (range) => range.iterate(0, Number.MAX_SAFE_INTEGER));
      try {
        for (const row of rows) yield row as unknown as Row;
      } catch (error) {
        throw sqliteError(error, path);
      }
    },
    fault: () =>
      use('PRAGMA quick_check(1)', (check) => {
        const says = String(check.get()?.quick_check);
        return says === 'ok' ? null : says;
      }),
    count: () => use(sql.count, (count) => Number(count.get()?.n)),
    end: () => use(sql.end, (end) => Number(end.get()?.n)),
    snapshot,
    close: () => database.close(),
  };
}

function openDatabase(path: string, readOnly: boolean): DatabaseSync {
  const bytes = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  // SQLite throws a write-ahead log away when the file beside it is empty.
  if (bytes(path) === 0 && bytes(`${path}-wal`) > 0)
    throw new WarroomError('damaged', `The ledger ${path} is empty, but its write-ahead log is not.`);
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { readOnly });
    database.exec('PRAGMA busy_timeout = 2000');
    const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
    if (found > version)
      throw new WarroomError(
        'refused',
        `The ledger ${path} was written by a newer version of War Room (format ${found}).`,
        'Open it with that version.',
      );
    // FULL: an acknowledged entry outlives a power cut (on a Mac with its own kind of flush).
    if (!readOnly)
      database.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1; PRAGMA checkpoint_fullfsync = 1; ${schema}`,
      );
    return database;
  } catch (error) {
    database?.close();
    throw sqliteError(error, path);
  }
}

/** Ends the transaction that `error` broke off. Answers that error: where ending it fails too, a close ends it. */
function rolledBack(database: DatabaseSync, error: WarroomError): WarroomError {
  try {
    // SQLite has rolled back by itself after some errors (a full disk among them).
    if (database.isTransaction) database.exec('ROLLBACK');
    return error;
  } catch (second) {
    return new WarroomError(
      error.code,
      `${error.message} Nor could it be undone: ${messageOf(second)}`,
      error.hint,
    );
  }
}

/** SQLite's result codes (sqlite.org/rescode.html), the low byte: what they mean for a ledger. */
function sqliteError(error: unknown, path: string): WarroomError {
  if (error instanceof WarroomError) return error;
  const code = (error as { errcode?: number }).errcode ?? 0;
  const what = `The ledger ${path}`;
  switch (code & 0xff) {
    case 13: // SQLITE_FULL
      return fromSystem(Object.assign(new Error('the disk is full'), { code: 'ENOSPC' }), what);
    case 10: // SQLITE_IOERR: while writing most often a full disk too, but SQLite can't tell.
      return new WarroomError(
        'no-space',
        `${what}: reading or writing failed (disk full, or failing).`,
        'Free some space or check the disk, then try again. Nothing acknowledged was lost.',
      );
    case 8: // SQLITE_READONLY
      return new WarroomError('denied', `${what} can't be written.`, 'Check the rights on it.');
    case 5: // SQLITE_BUSY
      return new WarroomError('taken', `${what} is in use.`, 'Close what is using it, then try again.');
    case 14: // SQLITE_CANTOPEN
      return new WarroomError('not-found', `${what} can't be opened.`, 'Check that it is there.');
    case 1: // SQLITE_ERROR: our statements are right, so the tables are not.
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return new WarroomError('damaged', `${what} is damaged: ${messageOf(error)}`);
    default:
      return fromSystem(error, what);
  }
}
