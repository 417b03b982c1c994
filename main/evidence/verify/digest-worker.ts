/** Worker thread of `verify`: one kind of digest of all files. */
import { parentPort, workerData } from 'node:worker_threads';
import { WarroomError } from '../../../common/lib/errors.ts';
import { digestPlaces, type DigestKind, type FromDigestWorker } from './check-digests.ts';
import type { Place } from './source.ts';

const { places, kind } = workerData as { places: Place[]; kind: DigestKind };
const post = (message: FromDigestWorker) => parentPort?.postMessage(message);
try {
  post({ digests: digestPlaces(places, kind) });
} catch (error) {
  // What names no file is a mistake of ours: it ends the thread as an error.
  if (!(error instanceof WarroomError) || typeof error.data.file !== 'string') throw error;
  post({ file: error.data.file, why: error.message });
}
