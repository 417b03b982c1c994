/** Worker thread of `verify`: one kind of digest of all files. */
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, WarroomError } from '../../../common/lib/errors.ts';
import { digestPlaces, type DigestKind, type FromDigestWorker } from './check-digests.ts';
import type { Place } from './source.ts';

const { places, kind } = workerData as { places: Place[]; kind: DigestKind };
const post = (message: FromDigestWorker) => parentPort?.postMessage(message);
try {
  post({ digests: digestPlaces(places, kind) });
} catch (error) {
  const file = error instanceof WarroomError && typeof error.data.file === 'string' ? error.data.file : '';
  post({ file, why: messageOf(error) });
}
