import { open } from 'node:fs/promises';

/** A renamed file outlives a power cut only when its folder is on disk too. Windows can't sync folders, and need not. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
