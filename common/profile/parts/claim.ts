import { z } from 'zod';
import { agreement, reading, shown } from './reading.ts';
import { partName, sentence } from './text.ts';

/** Something that a part of the system says of itself, and where it would show if it were so. */
export const profileClaim = z.strictObject({
  name: partName,
  text: sentence.describe('What is claimed, in words.'),
  says: reading.describe('Where it is said.'),
  shows: shown.describe('What shows it: another source than the one that says it.'),
  agree: agreement.default({ how: 'equal', tolerance: 0, ratio: 0 }),
});
export type ProfileClaim = z.infer<typeof profileClaim>;
