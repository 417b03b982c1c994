import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { decision, findingResult } from '../incident/entries.ts';
import { appended, entryId, longText, method, rungNumber } from './base.ts';

/** A check with one subject of the profile. */
export const plannedCheck = z.object({
  /** Its name in the ledger. */
  check: z.string(),
  rung: rungNumber,
  title: z.string(),
  effect: z.enum(['none', 'load', 'write']),
});

/** What there is to check, and the run that is under way. What was found is in the ledger. */
export const checksState = z.object({
  profile: z.object({ name: z.string(), sha256: z.string() }).nullable(),
  /** Why there is nothing to check: no profile, or one that can't be used. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  checks: z.array(plannedCheck),
  /** `waiting`: names of those that are not done. `task`: to be cancelled by. */
  run: z
    .object({ task: z.string(), started: entryId, total: z.number().int(), waiting: z.array(z.string()) })
    .nullable(),
});
export type ChecksState = z.infer<typeof checksState>;

/** The five rungs: observed by checks and by hand, decided by hand. The guard where entries are appended has the last word. */
export const ladder = {
  addFinding: method('finding.add')
    .input(z.object({ rung: rungNumber, result: findingResult, says: z.string().min(1).max(2000) }))
    .output(appended),
  decide: method('rung.decide')
    .input(
      z.object({
        rung: rungNumber,
        decision,
        reason: z.string().min(1).max(5000),
        basis: z.array(entryId).max(200),
      }),
    )
    .output(appended),
  reopen: method('rung.reopen')
    .input(z.object({ rung: rungNumber, reason: longText }))
    .output(appended),
  /** Keeps the profile's text (YAML) as the incident's; `bad-input` with its mistakes. */
  useProfile: method('profile.use')
    .input(
      z.object({
        yaml: z
          .string()
          .min(1)
          .max(1 << 20),
      }),
    )
    .output(appended),
  watchChecks: method('read').output(eventIterator(checksState)),
  /**
   * Runs checks side by side as a task: those named, or else all of effect `none`. One run at a time (`taken`). Each finding is
   * an entry with what it was read from as evidence.
   */
  runChecks: method('check.run')
    .input(z.object({ only: z.array(z.string().max(200)).min(1).max(500).optional() }))
    .output(z.object({ task: z.string() })),
};
