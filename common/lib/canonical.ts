/** RFC 8785 (JSON Canonicalization Scheme), and strict readers for JSON that comes from elsewhere. */
import { messageOf, WarroomError } from './errors.ts';

/**
 * The canonical text of a JSON value: members sorted by UTF-16 code units, numbers as ECMAScript prints them.
 * Members that are undefined are left out; in an array undefined is null. Throws `bad-input` for what JSON can't say:
 * NaN, infinities, lone surrogates, functions, bigints, and objects that are not plain (dates, maps, bytes).
 */
export function canonicalize(value: unknown): string {
  if (isInOrder(value)) {
    const text = JSON.stringify(value);
    // The only \ud that JSON.stringify writes is half of a surrogate pair; a backslash before "ud" looks the same.
    if (!text.includes('\\ud')) return text;
  }
  return write(value);
}

/** Whether JSON.stringify, which is native and fast, writes the canonical text: that is so where keys stand in order. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || !isPlain(value)) return false;
  if (Array.isArray(value)) return value.every(isInOrder);
  let last = '';
  for (const key of Object.keys(value)) {
    if (key < last || !isInOrder((value as Record<string, unknown>)[key])) return false;
    last = key;
  }
  return true;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  // By tag, because objects may come from another realm.
  return prototype === Object.prototype || /^\[object (Object|Array)\]$/.test({}.toString.call(value));
}

function write(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new WarroomError('bad-input', `JSON has no number ${value}.`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || !isPlain(value))
    throw new WarroomError('bad-input', `JSON can't hold ${{}.toString.call(value)}.`);
  if (Array.isArray(value))
    return `[${value.map((item) => write(item === undefined ? null : item)).join(',')}]`;
  const record = value as Record<string, unknown>;
  const members: string[] = [];
  // Default sort order of strings is by UTF-16 code units, as the RFC asks.
  for (const key of Object.keys(record).sort())
    if (record[key] !== undefined) members.push(`${quote(key)}:${write(record[key])}`);
  return `{${members.join(',')}}`;
}

function quote(text: string): string {
  if (!text.isWellFormed()) throw new WarroomError('bad-input', 'A text holds half of a surrogate pair.');
  return JSON.stringify(text);
}

export interface JsonLimits {
  /** Nested objects and arrays; 64 unless told. */
  maxDepth?: number;
}

const defaultDepth = 64;

/**
 * Reads JSON strictly: a duplicate key, an integer literal at or above 2^53, a lone surrogate or too deep a nesting is
 * `bad-input`. `__proto__` is a member like any other.
 */
export function parseJson(text: string, { maxDepth = defaultDepth }: JsonLimits = {}): unknown {
  const value = parse(text);
  checkLimits(value, maxDepth);
  refuseDuplicates(text);
  return value;
}

/** Reads JSON that is its own canonical text, which leaves no room for duplicate keys. Throws `bad-input` otherwise. */
export function parseCanonical(text: string, { maxDepth = defaultDepth }: JsonLimits = {}): unknown {
  const value = parse(text);
  checkLimits(value, maxDepth);
  if (canonicalize(value) !== text)
    throw new WarroomError('bad-input', 'This JSON is not in its canonical form.');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new WarroomError('bad-input', `This is not JSON: ${messageOf(error)}`);
  }
}

/** Throws `bad-input` where the value is nested deeper, or holds an integer literal at or above 2^53. */
export function checkLimits(value: unknown, maxDepth: number = defaultDepth): void {
  if (typeof value === 'number') {
    // From 1e21 on ECMAScript writes an exponent: that is no integer literal.
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21)
      throw new WarroomError('bad-input', `The integer ${value} is not below 2^53.`);
  } else if (typeof value === 'object' && value !== null) {
    if (maxDepth === 0) throw new WarroomError('bad-input', 'The JSON is nested too deep.');
    for (const member of Array.isArray(value) ? value : Object.values(value))
      checkLimits(member, maxDepth - 1);
  }
}

/** One pass over text that JSON.parse accepted, for what it lets through: duplicate keys, half surrogate pairs. */
function refuseDuplicates(text: string): void {
  const keys: (Set<string> | null)[] = [];
  let last = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '{' || char === '[') keys.push(char === '{' ? new Set() : null);
    else if (char === '}' || char === ']') keys.pop();
    else if (char === ':') refuseTwice(last, keys.at(-1));
    else if (char === '"') {
      const end = endOfString(text, at);
      last = JSON.parse(text.slice(at, end + 1)) as string;
      if (!last.isWellFormed()) throw new WarroomError('bad-input', 'A text holds half of a surrogate pair.');
      at = end;
    }
  }
}

function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

function refuseTwice(key: string, seen: Set<string> | null | undefined): void {
  if (seen?.has(key)) throw new WarroomError('bad-input', `The key "${key}" stands twice in one object.`);
  seen?.add(key);
}
