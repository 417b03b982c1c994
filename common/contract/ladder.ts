import { z } from 'zod';
import { decision, findingResult } from '../incident/entries.ts';
import { appended, entryId, longText, method, rungNumber } from './base.ts';

/** The five rungs by hand: observe, decide, re-open. The guard where entries are appended has the last word. */
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
};
