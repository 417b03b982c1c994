import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as folders from '../platform/sync-folder.ts';
import { createLocker } from './locker.ts';

/** Folders put on disk, in order. */
const synced: string[] = [];
vi.mock('../platform/sync-folder.ts', async (original) => {
  const real = await original<typeof folders>();
  return { ...real, syncFolder: (path: string) => (synced.push(path), real.syncFolder(path)) };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-locker-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function* chunks(...parts: string[]) {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

describe('the locker', () => {
  it('names a blob by its digest, whole or in pieces, once', async () => {
    const locker = await createLocker(folder);
    const sha256 = createHash('sha256').update('evidence').digest('hex');
    expect(await locker.put(Buffer.from('evidence'), 'text/plain')).toEqual({
      sha256,
      bytes: 8,
      media: 'text/plain',
    });
    expect((await locker.put(chunks('evi', '', 'dence'), 'text/plain')).sha256).toBe(sha256);
    expect(locker.path(sha256)).toBe(join(folder, 'evidence', 'sha256', sha256.slice(0, 2), sha256));
    expect(readFileSync(locker.path(sha256), 'utf8')).toBe('evidence');
    expect(await locker.has(sha256)).toBe(true);
    expect(await locker.size(sha256)).toBe(8);
    expect((await locker.put(Buffer.alloc(0), 'x/y')).bytes).toBe(0);
  });

  it('has a new folder on disk too, up to the one that was there, before it answers', async () => {
    const root = join(folder, 'evidence', 'sha256');
    synced.length = 0;
    const locker = await createLocker(folder);
    expect(synced).toEqual([join(folder, 'evidence'), folder]);
    synced.length = 0;
    const { sha256 } = await locker.put(Buffer.from('evidence'), 'text/plain');
    const fan = join(root, sha256.slice(0, 2));
    expect(synced).toEqual([root, fan]);
    await locker.put(Buffer.from('evidence'), 'text/plain');
    expect(synced).toEqual([root, fan, fan]);
    synced.length = 0;
    await createLocker(folder);
    expect(synced).toEqual([]);
  });

  it('never makes a path of what is no digest', async () => {
    const locker = await createLocker(folder);
    for (const bad of ['', '../../etc/passwd', 'A'.repeat(64), 'a'.repeat(63)])
      expect(() => locker.path(bad)).toThrow(/no SHA-256/);
  });

  it('leaves nothing behind of a source that fails, and removes what a crash left', async () => {
    const locker = await createLocker(folder);
    const failing = (async function* () {
      yield Buffer.from('half');
      throw await Promise.resolve(new Error('the source broke'));
    })();
    await expect(locker.put(failing, 'x/y')).rejects.toThrow(/the source broke/);
    const arriving = join(folder, 'evidence', 'arriving');
    expect(readdirSync(arriving)).toEqual([]);
    writeFileSync(join(arriving, '0'), 'half written');
    await createLocker(folder);
    expect(readdirSync(arriving)).toEqual([]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'says when the disk is full, and takes the next blob that fits',
    async () => {
      const small = join(folder, 'small');
      mkdirSync(small);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', small]);
      try {
        const locker = await createLocker(small);
        await expect(locker.put(Buffer.alloc(500_000), 'x/y')).rejects.toMatchObject({ code: 'no-space' });
        const kept = await locker.put(Buffer.alloc(50_000, 1), 'x/y');
        expect(existsSync(locker.path(kept.sha256))).toBe(true);
      } finally {
        execFileSync('umount', [small]);
      }
    },
  );
});
