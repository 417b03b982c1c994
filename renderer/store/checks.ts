import { act } from './act.ts';
import { whyNotNow } from './select.ts';
import { useRoom, type RoomStore } from './store.ts';

/** Why the checks can't be run now; null when they can. */
export function whyNoChecks(store: RoomStore): string | null {
  const { checks } = store;
  if (checks?.problem) return `${checks.problem.message} ${checks.problem.hint}`;
  if (checks?.run) return 'Checks are running already.';
  return whyNotNow(store, 'check.run');
}

/** Runs every check of effect `none`. */
export function runAllChecks(): void {
  void act((api) => api.ladder.runChecks({}));
}

/** Ends the run that is under way; what was found is kept. */
export function callOffChecks(): void {
  const task = useRoom.getState().checks?.run?.task;
  if (task !== undefined) void act((api) => api.tasks.cancel({ task }));
}
