import {
  compilePattern,
  parseJsonPath,
  valueGroupOf,
  valuesAt,
  type ProfileReading,
} from '../../../common/profile/index.ts';

type Taken = Extract<ProfileReading, { by: 'http' | 'file' | 'log' | 'command' }>;

const mostMatches = 10_000;

/** The values that a text has for a reading, by its field and its pattern. Null: there is a field, and the text is no JSON. */
export function valuesOf(reading: Taken, text: string): unknown[] | null {
  const field = 'field' in reading ? reading.field : undefined;
  if (field === undefined) return reading.pattern === undefined ? [text.trim()] : matchesOf(reading, text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // What is no JSON has no field: the caller tells so.
    return null;
  }
  const found = valuesAt(json, parseJsonPath(field).steps);
  if (reading.pattern === undefined) return found;
  return found.flatMap((value) =>
    matchesOf(reading, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')),
  );
}

/** What the pattern means of each match. Throws `bad-input` when the text is too much for it. */
export function matchesOf(reading: Taken, text: string): string[] {
  const group = valueGroupOf(reading);
  const matches = compilePattern(reading.pattern!).all(text, mostMatches);
  return matches.flatMap((match) => (group === null ? [match.text] : (match.groups[group] ?? [])));
}

/** Of several the one that is meant, or how many there are; null where there is none. */
export function takeOf(values: readonly unknown[], take: 'first' | 'last' | 'count'): unknown {
  if (take === 'count') return values.length;
  return (take === 'first' ? values[0] : values.at(-1)) ?? null;
}
