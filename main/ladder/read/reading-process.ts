import { readdir, readFile } from 'node:fs/promises';
import { utf8 } from '../../../common/lib/bytes.ts';
import { timestamp } from '../../../common/lib/clock.ts';
import { compilePattern, type ProfileReading } from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';
import type { ReadingResult } from './reading.ts';

/** Of a command line. */
const mostCommand = 4_096;
const mostProcesses = 20_000;
/** What /proc counts a second in (USER_HZ, proc(5)): 100 on every architecture that Node runs on. */
const ticksEachSecond = 100;

interface Process {
  pid: number;
  command: string;
  /** Microseconds since 1970. */
  started: number;
}

/** The processes of this machine whose command line matches: how many, or when the newest of them was started. */
export async function readProcess(
  { signal }: CheckContext,
  { pattern, take }: Extract<ProfileReading, { by: 'process' }>,
): Promise<ReadingResult> {
  if (process.platform !== 'linux')
    return {
      says: 'Processes are looked at on Linux only.',
      next: 'Look at them by hand: what runs, and since when.',
    };
  const found = await processesLike(pattern, signal);
  const lines = found.map(({ pid, command, started }) => `${pid} ${timestamp(started)} ${command}`);
  const evidence = [{ name: 'processes.txt', media: 'text/plain', bytes: utf8(`${lines.join('\n')}\n`) }];
  const where = `processes like ${pattern}`;
  if (take === 'count') return { value: found.length, where, evidence };
  const newest = found.at(-1);
  if (!newest) return { value: null, where, evidence };
  return { value: timestamp(newest.started), instant: newest.started, where, evidence };
}

/** In the order of their start, without this one. */
async function processesLike(text: string, signal: AbortSignal): Promise<Process[]> {
  const pattern = compilePattern(text);
  const booted = Number(/^btime (\d+)$/m.exec(await readFile('/proc/stat', 'utf8'))?.[1]);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const found: Process[] = [];
  for (const pid of pids.slice(0, mostProcesses)) {
    signal.throwIfAborted();
    const [commandLine, stat] = await Promise.all([
      contentOf(`/proc/${pid}/cmdline`),
      contentOf(`/proc/${pid}/stat`),
    ]);
    const command = commandLine.slice(0, mostCommand).replaceAll('\0', ' ').trim();
    if (command === '' || !pattern.first(command)) continue;
    // The name stands in brackets and may have anything in it; the start is the 20th member after it.
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    if (Number.isFinite(ticks))
      found.push({
        pid: Number(pid),
        command,
        started: Math.round((booted + ticks / ticksEachSecond) * 1e6),
      });
  }
  return found.sort((a, b) => a.started - b.started);
}

/** Empty where the process has ended meanwhile, or is not ours to look at. */
async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // It has ended between the list and this look.
    return '';
  }
}
