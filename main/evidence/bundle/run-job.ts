import { Worker } from 'node:worker_threads';
import { WarroomError } from '../../../common/lib/errors.ts';
import { workerFile } from '../worker-file.ts';
import type { FromWorker, Job } from './worker.ts';

type Result = Exclude<FromWorker, { kind: 'progress' }>;

/** Runs one job in a thread of its own; aborting ends the thread. Rejects with what the job threw, or `cancelled`. */
export async function runJob(
  job: Job,
  onProgress: (bytes: number) => void,
  signal: AbortSignal | undefined,
): Promise<Result> {
  const worker = new Worker(workerFile('bundle/worker.ts', 'bundle-worker.js'), { workerData: job });
  const abort = () => void worker.terminate();
  signal?.addEventListener('abort', abort);
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'progress') onProgress(message.bytes);
        else resolve(message);
      });
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(new WarroomError(signal?.aborted ? 'cancelled' : 'internal', 'The export was stopped.')),
      );
      if (signal?.aborted) abort();
    });
  } finally {
    signal?.removeEventListener('abort', abort);
    await worker.terminate();
  }
}
