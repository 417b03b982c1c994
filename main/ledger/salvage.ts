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

/** Writes the copy to `target`. Answers false when there is not even one page. */
export function salvage(path: string, target: string): boolean {
  const damaged = readFileSync(path);
  const first = freshFirstPage(`${target}.fresh`);
  const pageSize = first.length;
  if (damaged.length < pageSize * 2) return false;
  const claimed = damaged.readUInt32BE(pageCountAt);
  const there = Math.ceil(damaged.length / pageSize);
  const pages = claimed > there && claimed <= there * maxGrowth ? claimed : there;
  const copy = Buffer.alloc(pages * pageSize);
  damaged.copy(copy);
  first.copy(copy);
  copy.writeUInt32BE(pages, pageCountAt);
  copy.writeUInt32BE(copy.readUInt32BE(changeCounterAt), versionValidForAt);
  writeFileSync(target, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${target}-wal`);
  return true;
}

function freshFirstPage(path: string): Buffer {
  openStore(path).close();
  const fresh = readFileSync(path);
  rmSync(path);
  return fresh.subarray(0, fresh.readUInt16BE(pageSizeAt));
}
