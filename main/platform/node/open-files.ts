import { readdir, readlink, realpath } from 'node:fs/promises';

/** Numbers of all processes; none where there is no /proc. */
export async function allProcesses(): Promise<number[]> {
  const names = (await orNull(readdir('/proc'))) ?? [];
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Processes that have the path open, as far as this user may see (Linux; none elsewhere). Never rejects. */
export async function processesWithOpen(path: string): Promise<number[]> {
  const real = await orNull(realpath(path));
  if (real === null) return [];
  const pids = await allProcesses();
  const isOpen = await Promise.all(pids.map((pid) => hasOpen(pid, real)));
  return pids.filter((_, i) => isOpen[i]);
}

async function hasOpen(pid: number, path: string): Promise<boolean> {
  const descriptors = (await orNull(readdir(`/proc/${pid}/fd`))) ?? [];
  for (const descriptor of descriptors)
    if ((await orNull(readlink(`/proc/${pid}/fd/${descriptor}`))) === path) return true;
  return false;
}

/** What may be gone by now or is not this user's to see is as if it were not there. */
export async function orNull<T>(looking: Promise<T>): Promise<T | null> {
  return looking.catch(() => null);
}
