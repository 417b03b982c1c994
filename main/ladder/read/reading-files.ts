import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { fromSystem, messageOf, WarroomError } from '../../../common/lib/errors.ts';
import { utf8 } from '../../../common/lib/bytes.ts';
import type { ProfileReading } from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';
import { findFiles } from './find-files.ts';
import { matchesOf, takeOf, valuesOf } from './pick-value.ts';
import type { ReadingProblem, ReadingResult } from './reading.ts';

/** Of a file; of a log its end. */
const mostBytes = 2 * 1024 * 1024;
/** The newest so many logs. */
const mostLogs = 5;
/** Lines that are kept as evidence. */
const shownLines = 20;

/** What a file says, or what the pattern means in it. */
export async function readFileText(
  context: CheckContext,
  reading: Extract<ProfileReading, { by: 'file' }>,
): Promise<ReadingResult> {
  const path = reading.path.replace(/^~(?=$|[/\\])/, () => homedir());
  return guarded(context, reading.path, async () => {
    const { text, isCut } = await endOf(path);
    if (isCut) return { says: `${reading.path} is too large to be read.`, next: 'Name a smaller file.' };
    const values = valuesOf(reading, text);
    if (values === null)
      return { says: `${reading.path} is no JSON.`, next: 'Look into it, and at what writes it.' };
    const evidence = [{ name: 'file.txt', media: 'text/plain', bytes: utf8(text.slice(0, 64 * 1024)) }];
    return { value: takeOf(values, reading.take), where: reading.path, evidence };
  });
}

/** What the pattern means in the lines of some logs, oldest line first. */
export async function readLog(
  context: CheckContext,
  reading: Extract<ProfileReading, { by: 'log' }>,
): Promise<ReadingResult> {
  return guarded(context, reading.files, async () => {
    const { looked, files, problem } = await findFiles(reading.files, context.signal);
    if (files.length === 0)
      return {
        says: `There is no log at ${looked}${problem === null ? '' : ` (${problem})`}.`,
        next: 'Check where it is written, and whether this user may read it.',
      };
    const lines: string[] = [];
    for (const { path } of files.slice(0, mostLogs).reverse())
      lines.push(...(await endOf(path)).text.split('\n'));
    const found = lines.flatMap((line) => matchesOf(reading, line).map((value) => ({ value, line })));
    const shown = found.slice(-shownLines).map(({ line }) => line);
    return {
      value: takeOf(
        found.map(({ value }) => value),
        reading.take,
      ),
      where: reading.files,
      evidence: [{ name: 'log.txt', media: 'text/plain', bytes: utf8(`${shown.join('\n')}\n`) }],
    };
  });
}

/** The end of a file; from its second line on where it is cut. */
async function endOf(path: string): Promise<{ text: string; isCut: boolean }> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat();
    // A pipe or a device may never end.
    if (!stats.isFile()) throw new WarroomError('bad-input', `${path} is no file.`, 'Name a file.');
    const from = Math.max(0, stats.size - mostBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(stats.size, mostBytes)), {
      position: from,
    });
    const text = new TextDecoder().decode(buffer.subarray(0, bytesRead));
    return from > 0 ? { text: text.slice(text.indexOf('\n') + 1), isCut: true } : { text, isCut: false };
  } finally {
    await file.close();
  }
}

async function guarded(
  { signal }: CheckContext,
  path: string,
  read: () => Promise<ReadingResult>,
): Promise<ReadingResult> {
  try {
    return await read();
  } catch (error) {
    if (signal.aborted) throw error;
    return problemOf(error, path);
  }
}

function problemOf(error: unknown, path: string): ReadingProblem {
  const typed = error instanceof WarroomError ? error : fromSystem(error, `Reading ${path}`);
  return { says: messageOf(typed), next: typed.hint };
}
