/**
 * A copy of a damaged ledger that SQLite will open: its schema never varies, so the first page of a fresh file serves
 * for a first page that was destroyed, and missing pages at the end are filled with zeros. What can't be read then is
 * noticed row by row.
 */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { openStore } from './store.ts';

/** Offsets in the first page (SQLite file format, 1.3). */
const pageSizeAt = 16;
const changeCounterAt = 24;
const pageCountAt = 28;
const versionValidForAt = 92;
/** A destroyed header may claim any size: at most so many times what is there. */
const maxGrowth = 4;

/** Writes the copy to `target`, with the write-ahead log beside it. Answers false when there is nothing to copy. */
export function salvage(path: string, target: string): boolean {
  const damaged = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  const hasLog = existsSync(`${path}-wal`);
  const fresh = freshFile(`${target}.fresh`);
  const pageSize = fresh.readUInt16BE(pageSizeAt);
  if (damaged.length < pageSize * 2 && !hasLog) return false;
  writeFileSync(target, damaged.length < pageSize * 2 ? fresh : repaired(damaged, fresh, pageSize));
  if (hasLog) copyFileSync(`${path}-wal`, `${target}-wal`);
  return true;
}

function repaired(damaged: Buffer, fresh: Buffer, pageSize: number): Buffer {
  const claimed = damaged.readUInt32BE(pageCountAt);
  const there = Math.ceil(damaged.length / pageSize);
  const pages = claimed > there && claimed <= there * maxGrowth ? claimed : there;
  const copy = Buffer.alloc(pages * pageSize);
  damaged.copy(copy);
  fresh.copy(copy, 0, 0, pageSize);
  copy.writeUInt32BE(pages, pageCountAt);
  copy.writeUInt32BE(copy.readUInt32BE(changeCounterAt), versionValidForAt);
  return copy;
}

function freshFile(path: string): Buffer {
  openStore(path).close();
  const fresh = readFileSync(path);
  rmSync(path);
  return fresh;
}
