/** Runs cases in child processes, one for each core: in a child (`--worker`) answers cases one by one. */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { runFault, runHealthy, type FaultCase, type HealthyCase, type Outcome } from './cases.ts';

type Job = { fault: FaultCase } | { healthy: HealthyCase };
type Answer = { outcome: Outcome } | { wrong: string[] };

/** Outcomes in the order of their cases. Rejects when a child ends before its time. */
export async function runCases(
  faults: FaultCase[],
  healthy: HealthyCase[],
): Promise<{ outcomes: Outcome[]; wrong: string[][] }> {
  const outcomes: Outcome[] = [];
  const wrong: string[][] = [];
  // The longest first, so that no core waits for the other at the end.
  const jobs: { job: Job; place: number }[] = [
    ...healthy.map((one, place) => ({ job: { healthy: one }, place })),
    ...faults.map((one, place) => ({ job: { fault: one }, place })),
  ];
  await Promise.all(
    Array.from({ length: availableParallelism() }, () =>
      work(
        () => jobs.shift(),
        (answer, place) => {
          if ('outcome' in answer) outcomes[place] = answer.outcome;
          else wrong[place] = answer.wrong;
        },
      ),
    ),
  );
  return { outcomes, wrong };
}

function work(
  next: () => { job: Job; place: number } | undefined,
  onAnswer: (answer: Answer, place: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ['--worker'], { stdio: ['ignore', 2, 2, 'ipc'] });
    let current = next();
    const give = () => (current ? child.send(current.job) : child.disconnect());
    child.on('message', (answer) => {
      onAnswer(answer as Answer, current!.place);
      current = next();
      give();
    });
    child.once('error', reject);
    child.once('exit', (code) =>
      current
        ? reject(new Error(`A worker ended with ${code} at ${JSON.stringify(current.job)}.`))
        : resolve(),
    );
    give();
  });
}

function answer(job: Job): Answer {
  return 'fault' in job ? { outcome: runFault(job.fault) } : { wrong: runHealthy(job.healthy) };
}

if (process.argv[2] === '--worker') process.on('message', (job) => process.send?.(answer(job as Job)));
