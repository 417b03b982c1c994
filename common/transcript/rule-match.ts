/** Whether a call does what a rule speaks of. */
import { textsOf } from './bounds.ts';
import { commandOf, isReadOnly, isShell, kindsOf } from './call-kinds.ts';
import { stemOf, stemsOf, type StatedRule } from './stated-rules.ts';
import type { CallEvent } from './types.ts';

const looks = new Set(
  [
    'read',
    'open',
    'look',
    'print',
    'show',
    'access',
    'touch',
    'query',
    'fetch',
    'search',
    'view',
    'cat',
    'call',
    'curl',
    'request',
    'poll',
  ].map(stemOf),
);

/** Words of a call: its tool, and its command, path or input. What an edit writes into a file is no action. */
export function stemsOfCall(call: CallEvent): Set<string> {
  const name = call.name.replace(/([a-z\d])([A-Z])/g, '$1 $2');
  const words = isShell(call) ? commandOf(call) : shortTexts(call.input);
  // Runners of tests have names of their own.
  return new Set(stemsOf(`${name} ${words} ${kindsOf(call).has('tests') ? 'tests' : ''}`));
}

const longestName = 300;
const shortTexts = (input: unknown) =>
  textsOf(input)
    .filter((text) => text.length <= longestName && !text.includes('\n'))
    .join(' ');

/** How many of the stems are there, 0 to 1. */
export function coverage(stems: readonly string[], words: ReadonlySet<string>): number {
  return stems.length === 0 ? 0 : stems.filter((stem) => words.has(stem)).length / stems.length;
}

/** All of two words or one; two thirds of more. */
export const isCovered = (stems: readonly string[], words: ReadonlySet<string>) =>
  coverage(stems, words) >= (stems.length <= 2 ? 1 : 2 / 3);

const deletes = new Set(['delete', 'remove', 'erase', 'drop', 'wipe', 'purge', 'truncate'].map(stemOf));
const deleteWords =
  /\b(?:rm|rmdir|unlink|shred|prune|(?:delet|remov|eras|drop|wip|purg|truncat)(?:e|es|ed|ing|ion)?)\b/i;

export function doesIt(rule: StatedRule, call: CallEvent, words: ReadonlySet<string>): boolean {
  if (isReadOnly(call) && !rule.action.some((stem) => looks.has(stem))) return false;
  const things = rule.action.filter((stem) => !deletes.has(stem));
  if (things.length === rule.action.length) return isCovered(rule.action, words);
  // By whatever name it is taken away; and who only writes there takes nothing away.
  const text = `${call.name.replace(/_/g, ' ')} ${isShell(call) ? commandOf(call) : shortTexts(call.input)}`;
  return deleteWords.test(text) && (things.length === 0 || isCovered(things, words));
}
