import type { z } from 'zod';
import { misfitsOf } from './misfits.ts';
import { profileShape } from './shape.ts';

/** A profile: the description of a system under watch. All its parts, and that they fit together. */
export const profile = profileShape.superRefine((value, context) => {
  for (const { path, message } of misfitsOf(value)) context.addIssue({ code: 'custom', path, message });
});

export type Profile = z.infer<typeof profile>;
