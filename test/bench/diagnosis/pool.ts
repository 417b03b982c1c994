/** Diagnoses cases in child processes, each one at a time: what one simulates must not keep another's services waiting. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Case } from './cases.ts';
import { diagnose, type Diagnosis } from './diagnose.ts';
import type { Judged } from './score.ts';

/** The ladder mostly waits for answers. */
const atOnce = 2 * availableParallelism();

/** Rejects when a child ends before its time. */
export async function diagnoseAll(cases: readonly Case[], workers = atOnce): Promise<Judged[]> {
  const judged: Judged[] = [];
  const waiting = [...cases];
  const next = () => waiting.shift();
  await Promise.all(Array.from({ length: workers }, () => work(next, (one) => judged.push(one))));
  return judged;
}

function work(next: () => Case | undefined, onJudged: (judged: Judged) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let one = next();
    if (!one) return resolve();
    const child = fork(import.meta.filename, ['--diagnose'], { stdio: ['ignore', 2, 2, 'ipc'] });
    const give = () => (one ? child.send(one) : child.disconnect());
    child.on('message', (diagnosis) => {
      onJudged({ one: one!, diagnosis: diagnosis as Diagnosis });
      one = next();
      give();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      one ? reject(new Error(`A worker ended with ${code} at ${JSON.stringify(one)}.`)) : resolve(),
    );
    give();
  });
}

if (process.argv[2] === '--diagnose')
  process.on('message', (one) => {
    void diagnose(one as Case).then((diagnosis) => process.send?.(diagnosis));
  });
