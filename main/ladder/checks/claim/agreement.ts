import { instantOf, type ProfileAgreement } from '../../../../common/profile/index.ts';
import type { Reading } from '../../read/reading.ts';

/** Whether what is said and what is shown go together; null: they can't be compared that way. */
export function agrees(said: Reading, shown: Reading, agree: ProfileAgreement): boolean | null {
  if (agree.how === 'there') return isThere(shown.value);
  if (shown.value === null) return false;
  if (agree.how === 'after') return isAfter(said, shown, agree);
  const [one, other] = [numberOf(said.value), numberOf(shown.value)];
  if (agree.how === 'equal') {
    if (one === null || other === null) return textOf(said.value) === textOf(shown.value);
    return Math.abs(one - other) <= Math.max(agree.tolerance, agree.ratio * Math.abs(other)) + 1e-9;
  }
  if (one === null || other === null) return null;
  return agree.how === 'at-least' ? one >= other : one <= other;
}

/** Nothing, none, no and empty are not there. */
const isThere = (value: unknown) => value !== null && value !== 0 && value !== false && value !== '';

function isAfter(
  said: Reading,
  shown: Reading,
  { within, slack, epoch }: Extract<ProfileAgreement, { how: 'after' }>,
): boolean | null {
  const from = said.instant ?? instantOf(said.value, epoch);
  const at = shown.instant ?? instantOf(shown.value, epoch);
  if (from === null || at === null) return null;
  const after = (at - from) / 1e6;
  return after >= -slack && (within === undefined || after <= within + slack);
}

/** A number, also one that stands as text; null for anything else. */
export function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && /^\s*[+-]?\d{1,300}(\.\d+)?(e[+-]?\d+)?\s*$/i.test(value)
    ? Number(value)
    : null;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value.trim() : JSON.stringify(value));
