/** Whether one call is about the same thing as another: a repetition of it, or another way to it. */
import { textsOf } from './bounds.ts';
import { commandOf, isShell, kindsOf } from './call-kinds.ts';
import type { CallEvent } from './types.ts';

const common = new Set(
  (
    'the and for with from into that this not all true false null none cd sudo bash sh python python3 node npm npx run exec ' +
    'curl wget cat ls echo grep head tail http https localhost com dev tmp usr bin env export set get new old txt json'
  ).split(' '),
);
const mostTokens = 400;

/** Words of a text that say what it is about: names, paths, identifiers; in lower case. */
export function topicWords(text: string): Set<string> {
  const words = new Set<string>();
  for (const [token] of text
    .slice(0, 20_000)
    .toLowerCase()
    .matchAll(/[\p{L}\d_][\p{L}\d_.@/:-]*/gu)) {
    const whole = token.replace(/[.:/-]+$/, '');
    for (const word of whole.includes('/') ? [whole, whole.split('/').at(-1)!] : [whole])
      if (word.length >= 2 && !common.has(word) && words.size < mostTokens) words.add(word);
  }
  return words;
}

/** Calls whose kind alone makes one another way to the other. */
const sameKind = ['tests', 'build', 'restart', 'deploy', 'install', 'send'] as const;
const leastShare = 0.5;

export function isAboutSame(later: CallEvent, earlier: CallEvent): boolean {
  const isSameTool = later.name === earlier.name;
  if (isSameTool && later.digest === earlier.digest) return true;
  const kinds = kindsOf(earlier);
  const laterKinds = kindsOf(later);
  if (isShell(earlier) && sameKind.some((kind) => kinds.has(kind) && laterKinds.has(kind))) return true;
  const a = wordsOf(earlier);
  const b = wordsOf(later);
  if (a.size === 0 || b.size === 0) return isSameTool;
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return shared >= Math.min(a.size, b.size) * leastShare;
}

/** Of a command the command itself counts, not what is said about it. */
const wordsOf = (call: CallEvent) =>
  topicWords(isShell(call) ? commandOf(call) : textsOf(call.input).join(' '));
