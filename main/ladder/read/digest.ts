import { createHash } from 'node:crypto';
import { canonicalize } from '../../../common/lib/canonical.ts';
import { WarroomError } from '../../../common/lib/errors.ts';

/** Of bytes or text, as `sha256:…`. */
export const digestOf = (content: Uint8Array | string): string =>
  `sha256:${createHash('sha256').update(content).digest('hex')}`;

/** Of JSON, whatever the order of its members and its blanks. */
export function digestOfJson(value: unknown): string {
  try {
    return digestOf(canonicalize(value));
  } catch (error) {
    // Half of a surrogate pair has no canonical form: then as it is printed.
    if (error instanceof WarroomError) return digestOf(JSON.stringify(value));
    throw error;
  }
}
