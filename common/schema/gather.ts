/** Adds a value to the facts of its path, and the facts of one path to those of another. */
import type { Random } from '../signal/statistics/random.ts';
import type { ListFacts, NumberFacts, StringFacts } from './facts.ts';
import { mostDecimals, shapeLimits } from './facts.ts';
import { textFormat } from './text-format.ts';

export function noNumbers(): NumberFacts {
  const decimals = new Array<number>(mostDecimals + 1).fill(0);
  return { count: 0, min: Infinity, max: -Infinity, decimals, falls: 0, values: [] };
}

/** Decimals of the shortest decimal form: 0.25 has two, 1e-7 seven, 1e21 none. */
export function decimalsOf(value: number): number {
  if (Number.isInteger(value)) return 0;
  const [digits, exponent] = String(value).split('e') as [string, string?];
  const fraction = digits.length - 1 - digits.indexOf('.');
  return Math.min(mostDecimals, Math.max(0, (digits.includes('.') ? fraction : 0) - Number(exponent ?? 0)));
}

/** `last` is the number before it at this path; NaN for none. */
export function addNumber(facts: NumberFacts, value: number, last: number, random: Random): void {
  facts.count++;
  facts.min = Math.min(facts.min, value);
  facts.max = Math.max(facts.max, value);
  facts.decimals[decimalsOf(value)]!++;
  if (value < last) facts.falls++;
  if (facts.values.length < shapeLimits.numbers) facts.values.push(value);
  else {
    const at = Math.floor(random() * facts.count);
    if (at < shapeLimits.numbers) facts.values[at] = value;
  }
}

export function mergeNumbers(a: NumberFacts, b: NumberFacts, random: Random): NumberFacts {
  return {
    count: a.count + b.count,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    decimals: a.decimals.map((count, i) => count + b.decimals[i]!),
    falls: a.falls + b.falls,
    values: mergeValues(a, b, random),
  };
}

/** Each value of either side as likely as its part of the whole. */
function mergeValues(a: NumberFacts, b: NumberFacts, random: Random): number[] {
  if (a.values.length + b.values.length <= shapeLimits.numbers) return [...a.values, ...b.values];
  const [first, second] = [[...a.values], [...b.values]];
  const merged: number[] = [];
  while (merged.length < shapeLimits.numbers && first.length + second.length > 0) {
    const fromFirst = second.length === 0 || random() * (a.count + b.count) < a.count;
    const side = fromFirst && first.length > 0 ? first : second;
    merged.push(...side.splice(Math.floor(random() * side.length), 1));
  }
  return merged;
}

export function noStrings(): StringFacts {
  return { count: 0, shortest: Infinity, longest: 0, formats: {}, names: [] };
}

export function addString(facts: StringFacts, text: string): void {
  facts.count++;
  facts.shortest = Math.min(facts.shortest, text.length);
  facts.longest = Math.max(facts.longest, text.length);
  const format = textFormat(text);
  facts.formats[format] = (facts.formats[format] ?? 0) + 1;
  addName(facts, text, 1);
}

function addName(facts: StringFacts, text: string, times: number): void {
  if (!facts.names) return;
  const known = facts.names.find(([name]) => name === text);
  if (known) known[1] += times;
  else if (text.length > shapeLimits.text || facts.names.length === shapeLimits.names) facts.names = null;
  else facts.names.push([text, times]);
}

export function mergeStrings(a: StringFacts, b: StringFacts): StringFacts {
  const merged: StringFacts = {
    count: a.count + b.count,
    shortest: Math.min(a.shortest, b.shortest),
    longest: Math.max(a.longest, b.longest),
    formats: { ...a.formats },
    names: a.names && b.names ? a.names.map(([name, times]) => [name, times]) : null,
  };
  for (const [format, times] of Object.entries(b.formats) as [keyof typeof b.formats, number][])
    merged.formats[format] = (merged.formats[format] ?? 0) + times;
  for (const [name, times] of b.names ?? []) addName(merged, name, times);
  return merged;
}

export function noLists(): ListFacts {
  return { count: 0, empty: 0, shortest: Infinity, longest: 0 };
}

export function addList(facts: ListFacts, length: number): void {
  facts.count++;
  if (length === 0) facts.empty++;
  facts.shortest = Math.min(facts.shortest, length);
  facts.longest = Math.max(facts.longest, length);
}

export function mergeLists(a: ListFacts, b: ListFacts): ListFacts {
  return {
    count: a.count + b.count,
    empty: a.empty + b.empty,
    shortest: Math.min(a.shortest, b.shortest),
    longest: Math.max(a.longest, b.longest),
  };
}
