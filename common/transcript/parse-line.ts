import { isRecord } from '../lib/members.ts';
import { utf8Length } from './bounds.ts';

// What is no UTF-8 becomes U+FFFD: one damaged character costs no line. A byte order mark goes.
const decoder = new TextDecoder('utf-8');

/** What one line says: an object, a list, or nothing that a transcript's line can be. */
export type ParsedLine =
  { json: Record<string, unknown> | unknown[]; text: string } | { json: null; text: string };

export function parseLine(line: string | Uint8Array): ParsedLine {
  const text = typeof line === 'string' ? line.replace(/^\uFEFF/, '') : decoder.decode(line);
  const json = jsonOf(text);
  return isRecord(json) || Array.isArray(json) ? { json, text } : { json: null, text };
}

/** The value of JSON text; undefined where it is none. */
export function jsonOf(text: string): unknown {
  const first = text.trimStart()[0];
  // Most of what is no JSON is seen by its first character, without the cost of an exception.
  if (first === undefined || !'{["-0123456789tfn'.includes(first)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

export const bytesOf = (line: string | Uint8Array) =>
  typeof line === 'string' ? utf8Length(line) : line.length;

export const stringOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value : null;

/** A count that is whole and not negative; OTLP/JSON writes integers as strings. */
export function countOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** As `countOf`, of whole numbers of either sign. */
export function integerOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
}

/** The first of these members that is there and not null. */
export function memberOf(json: Record<string, unknown>, ...names: string[]): unknown {
  for (const name of names)
    if (Object.hasOwn(json, name) && json[name] !== null && json[name] !== undefined) return json[name];
  return undefined;
}

/**
 * Microseconds since 1970 of a time as transcripts write it: RFC 3339 text, or seconds, milliseconds, microseconds or
 * nanoseconds as a number or its digits, told apart by size (1973 to 5138). Null where it is none.
 */
export function timeOf(value: unknown): number | null {
  if (typeof value === 'string' && !/^-?\d+(\.\d+)?$/.test(value)) {
    const millis = value.length <= 40 && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
    return Number.isNaN(millis) ? null : millis * 1000;
  }
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;
  if (!(number >= 1e8) || number >= 1e20) return null;
  for (const [below, micros] of [
    [1e11, 1e6],
    [1e14, 1e3],
    [1e17, 1],
  ] as const)
    if (number < below) return Math.round(number * micros);
  return Math.round(number / 1e3);
}
