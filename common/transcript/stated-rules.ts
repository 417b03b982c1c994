/** Rules that a person states: "never …", "always … before …", "do not … without …". English. */
import { cutText } from '../lib/cut-text.ts';
import { sentencesOf } from './claim-words.ts';

export interface StatedRule {
  /** As it was said, shortened. */
  text: string;
  polarity: 'never' | 'always';
  /** Stems of what is to be done or not. */
  action: string[];
  /** When it holds, or what lifts it; null where it holds always. */
  condition: { word: string; stems: string[] } | null;
}

const leads =
  /^(?:(?:please|also|and|but|so|ok|okay|then|again|note|important|rule|remember|remember to|btw|by the way|one more thing|from now on|in (?:any|no) case|at all times|as a rule|warning|attention|rule \d+|\d+)[,:.)]*\s+)+/i;
const nevers =
  /^(?:never(?: ever)?|do not(?: ever)?|don't(?: ever)?|you (?:must|should|may|can|are)(?: not|n't| never)(?: to| ever)*|you (?:mustn't|shouldn't|can't|cannot)|must (?:not|never)|under no circumstances(?: (?:may|should|must) you| should you)?|avoid|i (?:never|don't|do not) want you to|stop(?= \w+ing\b))\s+/i;
const always =
  /^(?:always|don't forget to|do not forget to|never forget to|make sure (?:to|you|that you)(?: always)?|be sure to|you must(?! not| never)(?: always)?|you have to|you should always|every time)\s+/i;
const noRules =
  /^(?:worry|bother|mind|hesitate|know|think|you think|panic|let me|see|understand|care|get me wrong)\b/i;
const conditionAfter =
  /^(.*?)[\s,]+(without|unless|before|after|when|whenever|except|until|if|while|during|outside)\s+(.+)$/i;
const conditionFirst =
  /^(before|after|when|whenever|if|every time|while)\s+(.{3,200}?),?\s+((?:always|never|do not|don't|you must|make sure)\b.+)$/i;

const stops = new Set(
  (
    'a an the any this that these those it its them they to of in on at by for with from as and or is are be been being do does did done not never always ' +
    'must should may can you your i me my mine we our us please use using run running make get let go ever again anything something directly first also just only ' +
    'all every each other one more than into out up there here what which who how so then now still even very really sure under no circumstances want'
  ).split(' '),
);

/** Rules of a text, at most 50. */
export function rulesOf(text: string): StatedRule[] {
  return sentencesOf(text)
    .map(ruleOf)
    .filter((rule) => rule !== null)
    .slice(0, 50);
}

function ruleOf(sentence: string): StatedRule | null {
  const plain = sentence
    .replace(/[.!]+$/, '')
    .slice(0, 500)
    .replace(leads, '');
  const first = conditionFirst.exec(plain);
  const body = first ? first[3]! : plain;
  // "Don't forget to" tells to do it: it is asked first.
  const isAlways = always.test(body);
  const rest = body.replace(isAlways ? always : nevers, '');
  // "Not yet" is for now, no rule.
  if (rest === body || noRules.test(rest) || /\byet$/i.test(rest)) return null;
  const after = first ? null : conditionAfter.exec(rest);
  const action = stemsOf(after ? after[1]! : rest);
  if (action.length === 0) return null;
  const word = (first?.[1] ?? after?.[2])?.toLowerCase();
  const condition = word === undefined ? null : { word, stems: stemsOf(first?.[2] ?? after![3]!) };
  return { text: cutText(sentence, 300), polarity: isAlways ? 'always' : 'never', action, condition };
}

/** Stems of the words that carry meaning, each once, in order. */
export function stemsOf(text: string): string[] {
  const stems = new Set<string>();
  for (const [word] of text
    .slice(0, 20_000)
    .toLowerCase()
    .matchAll(/[\p{L}\d]+/gu))
    if (!stops.has(word) && (word.length > 1 || /\d/.test(word))) stems.add(stemOf(word));
  return [...stems];
}

/** Crude and the same on both sides: `committing` and `commit`, `services` and `service`, `deployment` and `deploy`. */
export function stemOf(word: string): string {
  let stem = word;
  if (stem.length > 5) stem = stem.replace(/(?:ment|ing|ed|ion)s?$/, '');
  if (stem.length > 3) stem = stem.replace(/(?:es|s|e)$/, '');
  return stem.replace(/([bdgklmnprt])\1$/, '$1');
}
