import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { cutText } from '../../common/lib/cut-text.ts';
import type { Rung } from '../../common/ledger/types.ts';
import type { Profile } from '../../common/profile/index.ts';
import { checkName, type Check, type Found } from './check.ts';
import type { CheckContext } from './context.ts';

/** What one check found about one subject. */
export interface CheckOutcome extends Found {
  /** As in the ledger (`checkName`). */
  check: string;
  rung: Rung;
  title: string;
  /** How long it took, milliseconds. */
  took: number;
}

export interface CheckRun {
  check: Check;
  subject: string;
}

export interface RunOptions {
  signal: AbortSignal;
  /** So many at once; 6 unless told. */
  atOnce?: number;
  /** Called as each ends, in the order in which they end. */
  onFound?(outcome: CheckOutcome): void;
}

export type SharedContext = Omit<CheckContext, 'signal' | 'once'>;

const usualTimeout = 15_000;
const usualAtOnce = 6;
/** Of what a finding says, in the ledger. */
const mostSaid = 2_000;

/** What of these checks there is to run on a profile, by rung. */
export function plan(checks: readonly Check[], profile: Profile): CheckRun[] {
  return checks
    .flatMap((check) => check.subjects(profile).map((subject) => ({ check, subject })))
    .sort((a, b) => a.check.rung - b.check.rung);
}

/** The name of a run in the ledger. */
export const nameOfRun = ({ check, subject }: CheckRun): string => checkName(check.id, subject);

/**
 * Those of `planned` that are meant: all that only read, unless names of checks are given. Throws `not-found` for a name that
 * is none of them, `refused` for one that writes.
 */
export function chooseRuns(planned: readonly CheckRun[], only: readonly string[] | undefined): CheckRun[] {
  const runs = planned.filter((run) => (only ? only.includes(nameOfRun(run)) : run.check.effect === 'none'));
  const missing = only?.find((name) => !planned.some((run) => nameOfRun(run) === name));
  if (missing !== undefined)
    throw new WarroomError(
      'not-found',
      `There is no check ${missing} on this profile.`,
      `It has: ${cutText(planned.map(nameOfRun).join(', '), mostSaid)}.`,
    );
  if (runs.some(({ check }) => check.effect === 'write'))
    throw new WarroomError('refused', 'A check that writes runs only as a proposed change.');
  return runs;
}

/**
 * Runs them side by side. One that throws, or takes longer than its time, is an `error` or `unknown` of its own and stops no
 * other. Ends early, with what was found until then, when `signal` aborts.
 */
export async function runChecks(
  runs: readonly CheckRun[],
  shared: SharedContext,
  { signal, atOnce = usualAtOnce, onFound }: RunOptions,
): Promise<CheckOutcome[]> {
  const once = createOnce(signal);
  const outcomes: CheckOutcome[] = [];
  const waiting = [...runs];
  const work = async () => {
    for (let run = waiting.shift(); run && !signal.aborted; run = waiting.shift()) {
      const outcome = await runOne(run, { ...shared, once }, signal);
      if (outcome === null) return;
      outcomes.push(outcome);
      onFound?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return outcomes;
}

/** Null: it was called off. */
async function runOne(
  { check, subject }: CheckRun,
  context: Omit<CheckContext, 'signal'>,
  ending: AbortSignal,
): Promise<CheckOutcome | null> {
  const started = performance.now();
  const timeoutMs = check.timeoutMs ?? usualTimeout;
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = AbortSignal.any([ending, timeout]);
  const found = await Promise.race([
    check.run(subject, { ...context, signal }).catch((error: unknown) => broken(error, signal)),
    aborted(signal),
  ]);
  if (ending.aborted) return null;
  return {
    check: checkName(check.id, subject),
    rung: check.rung,
    title: check.title,
    took: performance.now() - started,
    ...(found ?? late(check, timeoutMs)),
  };
}

const aborted = (signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(null);
    else signal.addEventListener('abort', () => resolve(null), { once: true });
  });

function broken(error: unknown, signal: AbortSignal): Found | null {
  if (signal.aborted) return null;
  return { result: 'error', says: cutText(`The check itself broke: ${messageOf(error)}`, mostSaid) };
}

function late({ title }: Check, timeoutMs: number): Found {
  return {
    result: 'unknown',
    says: `${title}: no answer within ${timeoutMs / 1000} s.`,
    next: 'Look at what is slow on rung 3, then run it again.',
  };
}

/** What several checks ask for is made once. What failed is made again by the next that asks. */
function createOnce(signal: AbortSignal): CheckContext['once'] {
  const made = new Map<string, Promise<unknown>>();
  return <T>(key: string, make: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const known = made.get(key) as Promise<T> | undefined;
    if (known) return known;
    const making = make(signal);
    made.set(key, making);
    making.catch(() => made.delete(key));
    return making;
  };
}
