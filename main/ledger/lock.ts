/** One incident opens once: a lock file that names its process and outlives neither it nor a restart of the machine. */
import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';

const lockFile = z.object({ pid: z.number().int(), started: z.string() });
type LockFile = z.infer<typeof lockFile>;

/** A lock without content that is younger than this is being written right now. */
const writingMs = 2000;

export interface Lock {
  /** The process, now gone, whose lock was taken over; 0 when its lock did not say. */
  readonly stale: number | null;
  release(): void;
}

/** Takes the lock. Throws `taken` when a living process holds it. */
export function takeLock(path: string): Lock {
  const found = readText(path);
  const stale = found === null ? null : goneHolder(path, found);
  if (found !== null) removeStale(path, found);
  const mine = `${JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies LockFile)}\n`;
  writeLock(path, mine);
  return {
    stale,
    release: () => {
      // Not ours any more when someone cleared it by hand and opened the incident again.
      if (readText(path) === mine) rmSync(path, { force: true });
    },
  };
}

/** The pid of a lock whose process is gone. Throws `taken` when it lives. */
function goneHolder(path: string, text: string): number {
  const holder = parseLock(text);
  if (holder && isAlive(holder))
    throw new WarroomError(
      'taken',
      `This incident is open already, in process ${holder.pid}.`,
      `Close it there, or open the room that runs. If process ${holder.pid} is no War Room, delete ${path}.`,
      { pid: holder.pid },
    );
  if (!holder && ageMs(path) < writingMs) throw beingOpened();
  return holder?.pid ?? 0;
}

/** Takes the stale lock away, and only that one: another process may have put its own there meanwhile. */
function removeStale(path: string, text: string): void {
  const away = `${path}.${process.pid}`;
  try {
    renameSync(path, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw fromSystem(error, `Taking over ${path}`);
  }
  const moved = readText(away);
  rmSync(away, { force: true });
  if (moved === null || moved === text) return;
  writeLock(path, moved);
  throw beingOpened();
}

function writeLock(path: string, text: string): void {
  try {
    // Exclusive: of two that found no lock, one makes it.
    const descriptor = openSync(path, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
    } catch (error) {
      rmSync(path, { force: true });
      throw error;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw beingOpened();
    throw fromSystem(error, `Locking ${path}`);
  }
}

function beingOpened(): WarroomError {
  return new WarroomError('taken', 'This incident is being opened by another process.', 'Try again.');
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fromSystem(error, `Reading ${path}`);
  }
}

/** Null for a lock that was cut off while it was written. */
function parseLock(text: string): LockFile | null {
  try {
    return lockFile.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function ageMs(path: string): number {
  return Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
}

function isAlive({ pid, started }: LockFile): boolean {
  if (pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  // The number may be another process's by now.
  return startOf(pid) === started;
}

/**
 * When a process started, as the kernel says (Linux: boot id, and field 22 of stat in clock ticks since boot), so that a
 * number that was given out again is told apart. Elsewhere empty: the number alone decides.
 */
function startOf(pid: number): string {
  if (process.platform !== 'linux') return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
  } catch {
    // Gone, or no /proc here: then the number alone decides.
    return '';
  }
}
