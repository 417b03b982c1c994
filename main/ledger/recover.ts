/** Reading a stored ledger back: every row is checked, and the good prefix is never lost. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { equalBytes, toHex, utf8 } from '../../common/lib/bytes.ts';
import { canonicalize, parseJson } from '../../common/lib/canonical.ts';
import type { Crypto } from '../../common/lib/crypto.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { reduce } from '../../common/incident/reduce.ts';
import { emptyState, type State } from '../../common/incident/state.ts';
import { verifyCheckpoint } from '../../common/ledger/checkpoint.ts';
import { checkBody, noEntryBefore } from '../../common/ledger/entry.ts';
import { createTree, leafHash, type Tree } from '../../common/ledger/merkle.ts';
import { checkBodyShape, checkHeadShape } from '../../common/ledger/shape.ts';
import type { VerifierKey } from '../../common/ledger/vkey.ts';
import type { CheckpointFiles } from './checkpoints.ts';
import { salvage } from './salvage.ts';
import { openStore, type Row, type Store } from './store.ts';
import type { SignedCheckpoint } from './types.ts';

/** What stands after the good prefix of a ledger was read. */
export interface ReadBack {
  state: State;
  tree: Tree;
  prev: string;
  /** The newest checkpoint that agrees with it. */
  checkpoint: SignedCheckpoint | null;
  /** Null when all is well. */
  loss: { reason: string; count: number; kept: string } | null;
}

interface Good {
  rows: Row[];
  state: State;
  tree: Tree;
  prev: string;
  /** Why reading stopped; null at the end. */
  reason: string | null;
}

/** Reads rows until one is not what was written. With `limit`, at most so many. */
function readGood(crypto: Crypto, rows: Iterable<Row>, limit: number, watch: Map<number, Uint8Array>): Good {
  const good: Good = {
    rows: [],
    state: emptyState,
    tree: createTree(crypto),
    prev: noEntryBefore,
    reason: null,
  };
  try {
    for (const row of rows) {
      if (good.rows.length >= limit) return good;
      checkRow(crypto, row, good);
      good.tree.append(row.leaf);
      good.prev = toHex(row.leaf);
      good.rows.push(row);
      if (watch.has(good.tree.size)) watch.set(good.tree.size, good.tree.root());
    }
  } catch (error) {
    good.reason = `entry ${good.rows.length}: ${messageOf(error)}`;
  }
  return good;
}

function checkRow(crypto: Crypto, row: Row, good: Good): void {
  const head = parseJson(row.head);
  const body = parseJson(row.body);
  checkHeadShape(head);
  checkBodyShape(body);
  if (canonicalize(head) !== row.head || canonicalize(body) !== row.body)
    throw new WarroomError('damaged', 'not in its canonical form');
  if (row.seq !== good.rows.length || head.seq !== row.seq)
    throw new WarroomError('damaged', `its seq is ${head.seq}`);
  if (head.prev !== good.prev) throw new WarroomError('damaged', 'it does not follow from the entry before');
  if (!equalBytes(leafHash(crypto, utf8(row.head)), row.leaf))
    throw new WarroomError('damaged', 'its leaf hash is another');
  const entry = { head, body, salt: row.salt };
  if (!checkBody(crypto, entry)) throw new WarroomError('damaged', 'its body is not the one its head names');
  good.state = reduce(good.state, entry);
}

export interface ReadBackDeps {
  crypto: Crypto;
  folder: string;
  files: CheckpointFiles;
  incidentKey: VerifierKey;
  /** For the name of the folder that damaged files are put aside in. */
  now: string;
}

/** Opens the ledger of a folder. What is damaged is put aside, never deleted; the good prefix goes on in a new file. */
export function readBack({
  crypto,
  folder,
  files,
  incidentKey,
  now,
}: ReadBackDeps): ReadBack & { store: Store } {
  const path = join(folder, 'ledger.sqlite');
  const signed = readCheckpoints(crypto, files, incidentKey);
  const roots = new Map(signed.valid.map(({ size }) => [size, new Uint8Array()]));
  const { store, good } = openAndRead(crypto, path, roots);
  const agreeing = signed.valid.filter(({ size, root }) =>
    equalBytes(roots.get(size) ?? new Uint8Array(), root),
  );
  const checkpoint = agreeing.at(-1) ?? null;
  const forked = signed.valid.find(
    ({ size, root }) => size <= good.rows.length && !equalBytes(roots.get(size)!, root),
  );
  const proven = signed.valid.at(-1)?.size ?? 0;
  const reason =
    good.reason ??
    (forked
      ? `the entries before checkpoint ${forked.size} are not those it signed`
      : lostBefore(proven, good.rows.length));
  if (reason === null && store) return { ...good, checkpoint, loss: null, store };

  store?.close();
  const keep = forked ? (checkpoint?.size ?? 0) : good.rows.length;
  if (keep === 0)
    throw new WarroomError(
      'damaged',
      `Nothing of the ledger ${path} can be read: ${reason}.`,
      'Nothing was deleted. Restore the folder from a copy, if there is one.',
    );
  const aside = join(folder, 'damaged', now.replaceAll(':', '-'));
  putAside(path, aside);
  const fresh = openStore(path);
  fresh.commit(good.rows.slice(0, keep), []);
  for (const { size } of signed.valid.filter(({ size }) => size > keep || (forked && size >= forked.size)))
    files.putAside(size, aside);
  const kept = readGood(crypto, fresh.all(), keep, new Map());
  const count = Math.max(0, proven - keep, good.rows.length - keep);
  return {
    ...kept,
    checkpoint,
    loss: { reason: reason ?? 'unreadable', count, kept: aside.slice(folder.length + 1) },
    store: fresh,
  };
}

/** Reads what is there; where SQLite gives up, what a salvaged copy gives beyond that. */
function openAndRead(
  crypto: Crypto,
  path: string,
  roots: Map<number, Uint8Array>,
): { store: Store | null; good: Good } {
  if (!existsSync(path))
    return { store: null, good: { ...readGood(crypto, [], Infinity, roots), reason: 'the file is gone' } };
  const read = tryRead(crypto, path, roots);
  if (read.good.reason === null) return read;
  const copy = `${path}.salvage`;
  try {
    if (!salvage(path, copy)) return read;
    const salvaged = tryRead(crypto, copy, roots);
    salvaged.store?.close();
    if (salvaged.good.rows.length <= read.good.rows.length) return read;
    read.store?.close();
    return { store: null, good: { ...salvaged.good, reason: read.good.reason } };
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
  }
}

function tryRead(
  crypto: Crypto,
  path: string,
  roots: Map<number, Uint8Array>,
): { store: Store | null; good: Good } {
  try {
    const store = openStore(path);
    return { store, good: readGood(crypto, store.all(), Infinity, roots) };
  } catch (error) {
    if (!(error instanceof WarroomError) || error.code !== 'damaged') throw error;
    return { store: null, good: { ...readGood(crypto, [], Infinity, roots), reason: error.message } };
  }
}

function lostBefore(proven: number, have: number): string | null {
  return proven > have ? `checkpoint ${proven} was signed, but only ${have} entries are left` : null;
}

/** Checkpoints that the incident's key signed; others prove nothing and stay where they are. */
function readCheckpoints(
  crypto: Crypto,
  files: CheckpointFiles,
  key: VerifierKey,
): { valid: SignedCheckpoint[] } {
  const valid = files.all().checkpoints.filter(({ note }) => {
    try {
      return verifyCheckpoint(crypto, note, [key], { strict: false }).signedBy.length > 0;
    } catch {
      // Its signature fails: it says nothing about this ledger.
      return false;
    }
  });
  return { valid };
}

function putAside(path: string, aside: string): void {
  mkdirSync(aside, { recursive: true });
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(path + suffix)) renameSync(path + suffix, join(aside, `ledger.sqlite${suffix}`));
}
