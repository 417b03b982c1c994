/** Digests of many files. Large bundles are read by two threads: SHA-512 in one, SHA-256 and CRC-32 in the other. */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { crc32 } from 'node:zlib';
import { WarroomError } from '../../../common/lib/errors.ts';
import { workerFile } from '../worker-file.ts';
import { about } from './failure.ts';
import { chunksOf, type Place } from './source.ts';

export type DigestKind = 'sha512' | 'sha256+crc32';

/** Digests of one file, hex. */
export interface Digests {
  sha512: string;
  sha256: string;
  crc32: number;
}

export interface OneDigest {
  hash: string;
  crc32: number;
}

/** Below this a thread costs more than it saves. */
const threadFromBytes = 32 << 20;

/** All digests of all places, in order. Throws a failure for one that is shorter than it says. */
export async function digestAll(places: Place[]): Promise<Digests[]> {
  const total = places.reduce((sum, { size }) => sum + size, 0);
  const run = (kind: DigestKind) =>
    total < threadFromBytes ? Promise.resolve(digestPlaces(places, kind)) : digestInThread(places, kind);
  const [long, short] = await Promise.all([run('sha512'), run('sha256+crc32')]);
  return places.map((_, i) => ({ sha512: long[i]!.hash, sha256: short[i]!.hash, crc32: short[i]!.crc32 }));
}

/** One kind of digest of each place. */
export function digestPlaces(places: Place[], kind: DigestKind): OneDigest[] {
  return places.map((place) => {
    const hash = createHash(kind === 'sha512' ? 'sha512' : 'sha256');
    let crc = 0;
    about(place.path, () => {
      for (const chunk of chunksOf(place)) {
        hash.update(chunk);
        if (kind !== 'sha512') crc = crc32(chunk, crc);
      }
    });
    return { hash: hash.digest('hex'), crc32: crc };
  });
}

export type FromDigestWorker = { digests: OneDigest[] } | { file: string; why: string };

function digestInThread(places: Place[], kind: DigestKind): Promise<OneDigest[]> {
  return runDigestWorker(workerFile('verify/digest-worker.ts', 'digest-worker.js'), places, kind);
}

/** Runs the worker in `file`. Rejects with the failure that it names, or when it ends without a result. */
export function runDigestWorker(file: string, places: Place[], kind: DigestKind): Promise<OneDigest[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: { places, kind } });
    worker.once('message', (message: FromDigestWorker) => {
      if ('digests' in message) resolve(message.digests);
      else reject(new WarroomError('damaged', message.why, '', { file: message.file }));
    });
    worker.once('error', reject);
    worker.once('exit', () =>
      reject(new WarroomError('internal', 'the thread that hashes it ended without a result')),
    );
  });
}
