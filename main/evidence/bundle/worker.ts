/** Worker thread of an export: one job, its progress, its result. */
import { parentPort, workerData } from 'node:worker_threads';
import { hashFiles, writeZip, type BagFile } from './files.ts';

export type Job =
  { kind: 'hash'; files: BagFile[] } | { kind: 'zip'; folder: string; files: BagFile[]; target: string };

export type FromWorker =
  | { kind: 'progress'; bytes: number }
  | { kind: 'hashed'; hashes: Map<string, string> }
  | { kind: 'zipped'; bytes: number; sha256: string };

const progressEveryMs = 100;
let told = 0;
const post = (message: FromWorker) => parentPort?.postMessage(message);
const progress = (bytes: number) => {
  if (performance.now() - told < progressEveryMs) return;
  told = performance.now();
  post({ kind: 'progress', bytes });
};

const job = workerData as Job;
if (job.kind === 'hash') post({ kind: 'hashed', hashes: await hashFiles(job.files, progress) });
else post({ kind: 'zipped', ...(await writeZip(job.folder, job.files, job.target, progress)) });
