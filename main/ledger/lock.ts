/** One incident opens once: a lock file that names its process and outlives neither it nor a restart of the machine. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { z } from 'zod';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';

const lockFile = z.object({ pid: z.number().int(), started: z.string() });
type LockFile = z.infer<typeof lockFile>;

export interface Lock {
  /** A lock that a process which is gone had left, and that was taken over. */
  readonly stale: number | null;
  release(): void;
}

/** Takes the lock. Throws `taken` when a living process holds it. */
export function takeLock(path: string): Lock {
  const stale = readLock(path);
  if (stale && isAlive(stale))
    throw new WarroomError(
      'taken',
      `This incident is open already, in process ${stale.pid}.`,
      'Close it there, or open the room that runs.',
      {
        pid: stale.pid,
      },
    );
  if (stale !== null) rmSync(path, { force: true });
  writeLock(path);
  return { stale: stale?.pid ?? null, release: () => rmSync(path, { force: true }) };
}

function writeLock(path: string): void {
  const content: LockFile = { pid: process.pid, started: startOf(process.pid) };
  try {
    // Exclusive: of two that found no lock, one makes it.
    const descriptor = openSync(path, 'wx', 0o600);
    writeSync(descriptor, `${JSON.stringify(content)}\n`);
    closeSync(descriptor);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new WarroomError('taken', 'This incident is being opened by another process.', 'Try again.');
    throw fromSystem(error, `Locking ${path}`);
  }
}

/** Undefined when there is none; a lock that can't be read was cut off while it was written, and holds nothing. */
function readLock(path: string): LockFile | null | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw fromSystem(error, `Reading ${path}`);
  }
  try {
    return lockFile.parse(JSON.parse(text));
  } catch {
    // Cut off by a crash: as good as stale.
    return { pid: 0, started: '' };
  }
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

/** When a process started, as the kernel says (Linux: boot id and field 22 of stat), so that a reused number is told apart. */
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
