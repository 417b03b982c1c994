import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as FileSystem from 'node:fs';
import { digestAll, digestPlaces, runDigestWorker } from './check-digests.ts';

/** Whether the disk fails on every read. */
const disk = vi.hoisted(() => ({ isBroken: false }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof FileSystem>();
  const readSync = (...args: Parameters<typeof real.readSync>) => {
    if (disk.isBroken) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    return real.readSync(...args);
  };
  return { ...real, readSync };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-digests-'));
});
afterEach(() => {
  disk.isBroken = false;
  rmSync(folder, { recursive: true, force: true });
});

/** A file of so many zeros. */
function placeOf(path: string, size: number) {
  const file = join(folder, path);
  writeFileSync(file, '');
  truncateSync(file, size);
  return { path, file, offset: 0, size };
}

describe('the digests of files', () => {
  it('name the file that the disk can not read', () => {
    const place = placeOf('a', 10);
    disk.isBroken = true;
    expect(() => digestPlaces([place], 'sha512')).toThrow(
      expect.objectContaining({ code: 'damaged', message: 'EIO: i/o error, read', data: { file: 'a' } }),
    );
  });

  it('are the same from threads, which name the file that is shorter than it says too', async () => {
    const [small, large] = [placeOf('small', 3), placeOf('large', 33 << 20)];
    const [alone] = await digestAll([small]);
    expect((await digestAll([small, large]))[0]).toEqual(alone);
    truncateSync(large.file, 5);
    await expect(digestAll([small, large])).rejects.toMatchObject({
      code: 'damaged',
      message: 'it ends before its size',
      data: { file: 'large' },
    });
  });

  it('end with an error when their thread ends without a word', async () => {
    const script = join(folder, 'silent.mjs');
    writeFileSync(script, 'process.exit(0);');
    await expect(runDigestWorker(script, [], 'sha512')).rejects.toMatchObject({ code: 'internal' });
  });
});
