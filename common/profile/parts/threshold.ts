import { z } from 'zod';

/** A limit, always with the reason for it: a number without one is nobody's to change. */
export const profileThreshold = z.strictObject({ limit: z.number(), reason: z.string().min(1) });
export type ProfileThreshold = z.infer<typeof profileThreshold>;

export const thresholdName = z.string().regex(/^[a-z][a-z0-9.-]*$/, 'as cell.rate.min');
