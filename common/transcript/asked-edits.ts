/** Whether an edit is what a person asked for. */
import { newTextsOf } from './edits.ts';
import type { CallEvent } from './types.ts';

const wayBack =
  /\b(?:revert|undo|restore|roll(?:ed|ing)? back|back (?:to|in|again)|(?:put|set|switch|change|go|bring) \S+(?: \S+)? back)\b/i;
/** What says something by itself: a number, or what stands in quotes. */
const valueText = /\d[\d.]*\d|\d|["'][^"'\n]{1,60}["']/g;
/** More than so many are no setting. */
const mostValues = 4;

/** The person's words ask for the way back, or name all values that are put in. */
export function isAskedFor(call: CallEvent, asked: string): boolean {
  if (asked === '') return false;
  if (wayBack.test(asked)) return true;
  const values = newTextsOf(call).flatMap((text) => text.slice(0, 2_000).match(valueText) ?? []);
  return values.length > 0 && values.length <= mostValues && values.every((value) => isSaid(value, asked));
}

/** As a whole: 0.5 is not said by 0.55. */
function isSaid(value: string, asked: string): boolean {
  const at = asked.indexOf(value);
  if (at < 0) return false;
  const after = asked.slice(at + value.length, at + value.length + 2);
  return !/[\d.]/.test(asked[at - 1] ?? ' ') && !/^(?:\d|\.\d)/.test(after);
}
