/** The checks of the open incident: what there is to run on its profile, and the run that is under way. */
import type { ChecksState } from '../../common/contract/ladder.ts';
import type { EvidenceRef } from '../../common/ledger/types.ts';
import { hostActor } from '../../common/ledger/host-actor.ts';
import { cutText } from '../../common/lib/cut-text.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { createWatchable, type Watchable } from '../../common/lib/watch.ts';
import type { Profile } from '../../common/profile/index.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Call } from '../platform/call.ts';
import type { Tasks } from '../tasks/index.ts';
import type { Check } from './check.ts';
import {
  chooseRuns,
  nameOfRun,
  plan,
  runChecks,
  type CheckOutcome,
  type CheckRun,
  type SharedContext,
} from './run-checks.ts';
import type { AppendFor } from './index.ts';

export interface LadderRoomDeps {
  checks: readonly Check[];
  tasks: Pick<Tasks, 'start'>;
  appendFor: AppendFor;
  /** Null while no incident is open. */
  ledger(): Ledger | null;
  /** Keeps bytes in the incident's locker. */
  put(bytes: Uint8Array, media: string): Promise<EvidenceRef>;
  profile(sha256: string): Promise<Profile>;
  shared: Omit<SharedContext, 'profile'>;
}

export interface LadderRoom {
  readonly state: Watchable<ChecksState>;
  /** The profile of the open incident is another one, or there is none. */
  follow(): Promise<void>;
  /** Starts a run in the caller's name; answers its task. */
  run(only: string[] | undefined, call: Call): Promise<string>;
}

const nothing: ChecksState = { profile: null, problem: null, checks: [], run: null };
const noProfile = {
  code: 'not-found',
  message: 'No profile says what there is to check.',
  hint: 'Choose the profile of this system under Devices.',
};

export function createLadderRoom(deps: LadderRoomDeps): LadderRoom {
  const state = createWatchable<ChecksState>({ ...nothing, problem: noProfile });
  let planned: CheckRun[] = [];

  async function follow(): Promise<void> {
    const named = deps.ledger()?.state.profile;
    const { run } = state.get();
    planned = [];
    if (!named) return state.set({ ...nothing, problem: noProfile, run });
    const { name, sha256 } = named;
    try {
      planned = plan(deps.checks, await deps.profile(sha256));
      state.set({ profile: { name, sha256 }, problem: null, checks: planned.map(described), run });
    } catch (error) {
      const { code, message, hint } =
        error instanceof WarroomError ? error : new WarroomError('internal', messageOf(error));
      state.set({ ...nothing, profile: { name, sha256 }, problem: { code, message, hint }, run });
    }
  }

  function chosen(only: string[] | undefined): CheckRun[] {
    const { problem } = state.get();
    if (problem) throw new WarroomError('refused', problem.message, problem.hint);
    return chooseRuns(planned, only);
  }

  async function run(only: string[] | undefined, call: Call): Promise<string> {
    if (state.get().run)
      throw new WarroomError('taken', 'Checks are running already.', 'Wait for them, or call them off.');
    const runs = chosen(only);
    const ledger = deps.ledger();
    const { profile: used } = state.get();
    if (!ledger || !used) throw new WarroomError('not-found', 'No incident is open.', 'Declare one first.');
    const { sha256 } = used;
    const profile = await deps.profile(sha256);
    const names = runs.map(nameOfRun);
    const { id } = await deps.appendFor(call, {
      type: 'check.started',
      data: { checks: names, profile: sha256 },
    });
    const task = deps.tasks.start('Run the checks', async ({ signal, progress }) => {
      const write = createWriter(deps, ledger, id);
      try {
        await runChecks(
          runs,
          { ...deps.shared, profile },
          {
            signal,
            onFound(outcome) {
              write(outcome);
              leave(outcome.check);
              progress(runs.length - (state.get().run?.waiting.length ?? 0), runs.length, outcome.title);
            },
          },
        );
        signal.throwIfAborted();
        return { started: id };
      } finally {
        const found = await write.end();
        state.set({ ...state.get(), run: null });
        const data = { started: id, found, cancelled: signal.aborted };
        await ledger.append({ type: 'check.ended', data, actor: hostActor, cause: id });
      }
    });
    state.set({ ...state.get(), run: { task, started: id, total: runs.length, waiting: names } });
    return task;
  }

  function leave(name: string): void {
    const { run, ...rest } = state.get();
    if (run) state.set({ ...rest, run: { ...run, waiting: run.waiting.filter((each) => each !== name) } });
  }

  return { state, follow, run };
}

/** Writes findings down one after another; `end` waits for all and answers how many. */
function createWriter(deps: Pick<LadderRoomDeps, 'put'>, ledger: Ledger, started: string) {
  let found = 0;
  let failure: Error | null = null;
  let writing: Promise<void> = Promise.resolve();
  const write = (outcome: CheckOutcome) => {
    writing = writing
      .then(() => append(outcome))
      .catch(
        (error: unknown) => void (failure ??= error instanceof Error ? error : new Error(messageOf(error))),
      );
  };

  async function append({ check, rung, result, evidence = [], ...outcome }: CheckOutcome): Promise<void> {
    const kept: EvidenceRef[] = [];
    for (const { bytes, media } of evidence) kept.push(await deps.put(bytes, media));
    const { says, rulesOut, next, explainedBy } = outcome;
    await ledger.append({
      type: 'check.found',
      rung,
      data: {
        check,
        result,
        says: cutText(says, 2000),
        ...(rulesOut && { rulesOut: cutText(rulesOut, 2000) }),
        ...(next && { next: cutText(next, 2000) }),
        ...(explainedBy && { explainedBy }),
      },
      evidence: kept,
      actor: hostActor,
      cause: started,
    });
    found++;
  }

  return Object.assign(write, {
    async end(): Promise<number> {
      await writing;
      if (failure) throw failure;
      return found;
    },
  });
}

const described = (run: CheckRun) => ({
  check: nameOfRun(run),
  rung: run.check.rung,
  title: run.check.title,
  effect: run.check.effect,
});
