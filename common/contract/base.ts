import { oc } from '@orpc/contract';
import { z } from 'zod';
import type { Action } from '../incident/roles.ts';

/** What a method needs: the action that its caller's role must allow (common/incident/roles.ts). */
export interface MethodMeta {
  action: Action;
}

/** What every error of a method carries: `code` of common/lib/errors.ts, and what to do. */
export const errorData = z.object({
  code: z.string(),
  hint: z.string(),
  data: z.record(z.string(), z.unknown()),
});

const base = oc.$meta<MethodMeta>({ action: 'read' }).errors({ WARROOM: { data: errorData } });

/** Starts a contract method that needs `action`. */
export const method = (action: Action) => base.meta({ action });

export const shortText = z.string().min(1).max(200);
export const longText = z.string().min(1).max(20_000);
export const entryId = z.string().min(1).max(64);
export const rungNumber = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5)]);
/** Microseconds since 1970 on the host's time axis. */
export const micros = z.number().nonnegative();
/** What an appending method answers: where its entry stands. */
export const appended = z.object({ id: entryId, seq: z.number().int() });
/** A stream on the bulk plane. Credits are the receiver's to give. */
export const streamId = z.object({ stream: z.number().int().positive() });
