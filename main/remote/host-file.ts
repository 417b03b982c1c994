import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';

/** How the command line reaches a running host. In `host.json`, readable by its user only. */
const hostFile = z.object({ pid: z.number().int(), port: z.number().int(), secret: z.string().min(20) });
export type HostFile = z.infer<typeof hostFile>;

const pathIn = (dataDir: string) => join(dataDir, 'host.json');

export async function writeHostFile(dataDir: string, content: HostFile): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const temporary = `${pathIn(dataDir)}.${process.pid}`;
  try {
    await writeFile(temporary, `${JSON.stringify(content)}\n`, { mode: 0o600 });
    await rename(temporary, pathIn(dataDir));
  } catch (error) {
    throw fromSystem(error, `Writing ${pathIn(dataDir)}`);
  }
}

/** The host that runs on this data folder. Throws `unavailable` when none does, `denied` or `internal` when its file can't be read. */
export async function readHostFile(dataDir: string): Promise<HostFile> {
  const hint = 'Start the room first: npm start (with the same --data, if you gave one).';
  const text = await readFile(pathIn(dataDir), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw fromSystem(error, `Reading ${pathIn(dataDir)}`);
  });
  if (text === null) throw new WarroomError('unavailable', `No room runs on ${dataDir}.`, hint);
  const parsed = hostFile.safeParse(jsonOrNull(text));
  if (!parsed.success) throw new WarroomError('damaged', `${pathIn(dataDir)} can't be read.`, hint);
  return parsed.data;
}

/** Removes the file, if it is still ours. */
export async function removeHostFile(dataDir: string): Promise<void> {
  const current = await readHostFile(dataDir).catch(() => null);
  if (current?.pid === process.pid) await rm(pathIn(dataDir), { force: true });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller says that the file can't be read.
    return null;
  }
}
