/**
 * Opening what is stored. What is damaged is put aside, never deleted, and the good prefix goes on in a new file. Every
 * step can be cut off: the new file is whole before the old one moves, and the loss is found again until its gap is
 * written down.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { equalBytes } from '../../common/lib/bytes.ts';
import type { Crypto } from '../../common/lib/crypto.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { DataOf } from '../../common/incident/entries.ts';
import type { State } from '../../common/incident/state.ts';
import { verifyCheckpoint } from '../../common/ledger/checkpoint.ts';
import type { Tree } from '../../common/ledger/merkle.ts';
import type { VerifierKey } from '../../common/ledger/vkey.ts';
import { syncFolderNow } from '../platform/sync-folder.ts';
import { checkpointFile, type CheckpointFiles } from './checkpoints.ts';
import { noRows, readRows, type Good } from './read-rows.ts';
import { salvage } from './salvage.ts';
import { openStore, type Store } from './store.ts';
import type { SignedCheckpoint } from './types.ts';

export interface ReadBack {
  store: Store;
  state: State;
  tree: Tree;
  prev: string;
  /** The newest checkpoint that agrees with it. */
  checkpoint: SignedCheckpoint | null;
  /** What is missing, to be appended first. */
  losses: DataOf<'gap.lost'>[];
  /** Puts aside the checkpoints that prove the losses. Call it once those are written down. */
  settle(): void;
}

export interface ReadBackDeps {
  crypto: Crypto;
  incident: string;
  folder: string;
  files: CheckpointFiles;
  incidentKey: VerifierKey;
  /** For the name of the folder that damaged files are put aside in. */
  now: string;
}

interface Verdict {
  /** Entries to go on with. */
  keep: number;
  /** Null when all is well. */
  reason: string | null;
  count: number;
  checkpoint: SignedCheckpoint | null;
  /** Files of checkpoints that are not of this ledger any more. */
  orphans: string[];
}

const suffixes = ['-wal', '-shm', ''];

/** Throws `damaged` when not even entry 0 can be read; then nothing was moved. */
export function readBack(deps: ReadBackDeps): ReadBack {
  const { folder, files, now } = deps;
  const path = join(folder, 'ledger.sqlite');
  const aside = join('damaged', now.replaceAll(':', '-'));
  finishExchange(path, join(folder, aside));
  const { valid, bad } = readCheckpoints(deps);
  const roots = new Map(valid.map(({ size }) => [size, new Uint8Array()]));
  const good = readAll(deps, path, roots);
  const verdict = judge(good, valid, roots);
  if (verdict.reason !== null && verdict.keep === 0)
    throw new WarroomError(
      'damaged',
      `Nothing of the ledger ${path} can be read: ${verdict.reason}.`,
      'Nothing was deleted. Restore the folder from a copy, if there is one.',
    );
  const kept = verdict.reason === null ? good : exchange(deps, path, good, verdict.keep, aside);
  const store = openStore(path);
  keepSnapshots(store, kept);
  const losses = [...lossesOf(verdict, aside), ...badCheckpoints(bad, aside)];
  for (const name of unnamed(folder, [...kept.state.gaps.map(({ data }) => data), ...losses]))
    losses.push({
      what: 'ledger',
      reason: 'An earlier opening put damaged files aside and ended before it could say so.',
      kept: name,
    });
  const settle = () => {
    for (const file of [...verdict.orphans, ...bad.map((item) => item.file)])
      files.putAside(file, join(folder, aside));
  };
  const { state, tree, prev } = kept;
  return { store, state, tree, prev, checkpoint: verdict.checkpoint, losses, settle };
}

/** What the checkpoints say of the rows that were read. */
function judge(good: Good, signed: SignedCheckpoint[], roots: Map<number, Uint8Array>): Verdict {
  const have = good.rows.length;
  const agrees = ({ size, root }: SignedCheckpoint) => equalBytes(roots.get(size) ?? new Uint8Array(), root);
  const checkpoint = signed.filter(agrees).at(-1) ?? null;
  const proven = signed.at(-1)?.size ?? 0;
  // A checkpoint within what was read that has another root: from there on these are not the entries that were signed.
  const fork = signed.find(
    (item) => item.size <= have && item.size > (checkpoint?.size ?? 0) && !agrees(item),
  );
  const keep = fork ? (checkpoint?.size ?? 0) : have;
  const reason =
    good.reason ??
    (fork && `the entries before checkpoint ${fork.size} are not those it signed`) ??
    (proven > have ? `checkpoint ${proven} was signed, but only ${have} entries are left` : null);
  const orphans = signed.filter((item) => !agrees(item)).map(({ size }) => checkpointFile(size));
  return { keep, reason, count: Math.max(proven, good.end) - keep, checkpoint, orphans };
}

function lossesOf({ reason, count }: Verdict, kept: string): DataOf<'gap.lost'>[] {
  return reason === null ? [] : [{ what: 'ledger', reason, count, kept }];
}

/** Reads without changing a byte. Where SQLite gives up, what a salvaged copy gives beyond that. */
function readAll(deps: ReadBackDeps, path: string, roots: Map<number, Uint8Array>): Good {
  const read = readFile(deps, path, roots);
  if (read.reason === null) return read;
  const copy = `${path}.salvage`;
  try {
    if (!salvage(path, copy)) return read;
    const salvaged = readFile(deps, copy, roots);
    const end = Math.max(read.end, salvaged.end);
    return { ...(salvaged.rows.length > read.rows.length ? salvaged : read), reason: read.reason, end };
  } finally {
    for (const suffix of suffixes) rmSync(copy + suffix, { force: true });
  }
}

function readFile({ crypto, incident }: ReadBackDeps, path: string, roots: Map<number, Uint8Array>): Good {
  const hasLog = existsSync(`${path}-wal`);
  if (!existsSync(path))
    return noRows(crypto, hasLog ? 'only its write-ahead log is left' : 'the file is gone');
  return orDamage(crypto, () => {
    const store = openStore(path, { readOnly: true });
    try {
      const good = readRows({ crypto, incident, rows: store.all(), roots });
      if (good.reason === null) return { ...good, reason: faultOf(store) };
      const { end } = orDamage(crypto, () => ({ ...noRows(crypto, null), end: store.end() }));
      return { ...good, end: Math.max(good.end, end) };
    } finally {
      store.close();
    }
  });
}

/** Every row is good, and yet the file may be damaged where none lies. */
function faultOf(store: Store): string | null {
  try {
    return store.fault();
  } catch (error) {
    return messageOf(error);
  }
}

function orDamage(crypto: Crypto, read: () => Good): Good {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof WarroomError) || error.code !== 'damaged') throw error;
    return noRows(crypto, error.message);
  }
}

/** Writes the good prefix to a new file, puts the damaged files aside, and reads back what was written. */
function exchange(deps: ReadBackDeps, path: string, good: Good, keep: number, aside: string): Good {
  const { crypto, incident, folder } = deps;
  const fresh = `${path}.new`;
  for (const suffix of suffixes) rmSync(fresh + suffix, { force: true });
  const store = openStore(fresh);
  let kept: Good;
  try {
    store.commit(good.rows.slice(0, keep), []);
    kept = readRows({ crypto, incident, rows: store.all() });
  } finally {
    store.close();
  }
  renameSync(fresh, `${path}.ready`);
  syncFolderNow(folder);
  finishExchange(path, join(folder, aside));
  return kept;
}

/** Once the new file is ready, an exchange that was cut off is finished. */
function finishExchange(path: string, aside: string): void {
  if (!existsSync(`${path}.ready`)) return;
  mkdirSync(aside, { recursive: true });
  // The write-ahead log goes first: beside the new file it would be replayed into it.
  for (const suffix of suffixes)
    if (existsSync(path + suffix)) renameSync(path + suffix, join(aside, `ledger.sqlite${suffix}`));
  syncFolderNow(aside);
  renameSync(`${path}.ready`, path);
  syncFolderNow(dirname(path));
}

function keepSnapshots(store: Store, { marks }: Good): void {
  try {
    store.keepSnapshots([...marks.keys()], (size) => JSON.stringify(marks.get(size)));
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Folders of damaged files that no gap names. */
function unnamed(folder: string, gaps: DataOf<'gap.lost'>[]): string[] {
  if (!existsSync(join(folder, 'damaged'))) return [];
  const named = new Set(gaps.map(({ kept }) => kept));
  return readdirSync(join(folder, 'damaged'))
    .map((name) => join('damaged', name))
    .filter((name) => !named.has(name));
}

/** Those that the incident's key signed; the others can't be believed, and must not get into a bundle. */
function readCheckpoints({ crypto, files, incidentKey }: ReadBackDeps): {
  valid: SignedCheckpoint[];
  bad: { file: string; why: string }[];
} {
  const { checkpoints, unreadable } = files.all();
  const bad = [...unreadable];
  const valid = checkpoints.filter(({ note, size }) => {
    try {
      if (verifyCheckpoint(crypto, note, [incidentKey], { strict: false }).signedBy.length > 0) return true;
      bad.push({ file: checkpointFile(size), why: "it is not signed by the incident's key" });
    } catch (error) {
      bad.push({ file: checkpointFile(size), why: messageOf(error) });
    }
    return false;
  });
  return { valid, bad };
}

function badCheckpoints(bad: { file: string; why: string }[], kept: string): DataOf<'gap.lost'>[] {
  return bad.map(({ file, why }) => ({ what: 'checkpoint', reason: `${file}: ${why}`, kept }));
}
