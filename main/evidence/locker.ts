/** The evidence of an incident: immutable blobs named by their digest, `evidence/sha256/ab/<hash>`. */
import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { access, mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromSystem, WarroomError } from '../../common/lib/errors.ts';
import type { EvidenceRef } from '../../common/ledger/types.ts';
import { syncFolder } from '../platform/sync-folder.ts';

export interface Locker {
  /** Stores bytes: hashed while written, on disk when it resolves. Rejects with `no-space`; then nothing of it is left. */
  put(source: Uint8Array | AsyncIterable<Uint8Array>, media: string): Promise<EvidenceRef>;
  /** Where a blob lies; it need not be there. Throws `bad-input` for what is no digest. */
  path(sha256: string): string;
  has(sha256: string): Promise<boolean>;
  size(sha256: string): Promise<number>;
  read(sha256: string): ReadStream;
}

/** Opens the locker of an incident's folder. What a crash left half written is removed. */
export async function createLocker(folder: string): Promise<Locker> {
  const root = join(folder, 'evidence', 'sha256');
  const arriving = join(folder, 'evidence', 'arriving');
  if (await mkdir(root, { recursive: true, mode: 0o700 })) {
    await syncFolder(join(folder, 'evidence'));
    await syncFolder(folder);
  }
  await rm(arriving, { recursive: true, force: true });
  await mkdir(arriving, { mode: 0o700 });
  let counter = 0;

  const path = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new WarroomError('bad-input', 'This is no SHA-256 digest.');
    return join(root, sha256.slice(0, 2), sha256);
  };
  return {
    path,
    has: (sha256) =>
      access(path(sha256)).then(
        () => true,
        () => false,
      ),
    size: async (sha256) => (await stat(path(sha256))).size,
    read: (sha256) => createReadStream(path(sha256)),
    async put(source, media) {
      const temporary = join(arriving, String(counter++));
      try {
        const { sha256, bytes } = await writeHashed(temporary, source);
        const target = path(sha256);
        const parent = dirname(target);
        const isNew = await mkdir(parent, { recursive: true, mode: 0o700 });
        if (isNew) await syncFolder(root);
        await rename(temporary, target);
        await syncFolder(parent);
        return { sha256, bytes, media };
      } catch (error) {
        await rm(temporary, { force: true });
        throw fromSystem(error, 'Keeping evidence');
      }
    },
  };
}

async function writeHashed(
  path: string,
  source: Uint8Array | AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  const file = await open(path, 'wx', 0o600);
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      hash.update(chunk);
      await writeAll(file, chunk);
      bytes += chunk.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) at += (await file.write(chunk, at)).bytesWritten;
}

/** Digest and size of a file that is not in a locker (a capture, a recording). */
export async function digestFile(path: string, media: string): Promise<EvidenceRef> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), bytes, media };
}
