/** RFC 8785 (JSON Canonicalization Scheme), and a strict reader for JSON that comes from elsewhere. */
import { WarroomError } from './errors.ts';

/**
 * The canonical text of a JSON value: members sorted by UTF-16 code units, numbers as ECMAScript prints them.
 * Members that are undefined are left out. Throws `bad-input` for what JSON can't say: NaN, infinities, lone surrogates,
 * functions.
 */
export function canonicalize(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new WarroomError('bad-input', `JSON has no number ${value}.`);
    return JSON.stringify(value);
  }
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalize(item === undefined ? null : item)).join(',')}]`;
  if (typeof value !== 'object') throw new WarroomError('bad-input', `JSON can't hold a ${typeof value}.`);
  const record = value as Record<string, unknown>;
  const members: string[] = [];
  // Default sort order of strings is by UTF-16 code units, as the RFC asks.
  for (const key of Object.keys(record).sort())
    if (record[key] !== undefined) members.push(`${quote(key)}:${canonicalize(record[key])}`);
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

/**
 * Reads JSON strictly: a duplicate key, an integer at or above 2^53, a lone surrogate or too deep a nesting is
 * `bad-input`. Objects have no inherited members that the text could reach.
 */
export function parseJson(text: string, { maxDepth = 64 }: JsonLimits = {}): unknown {
  scan(text, maxDepth);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new WarroomError('bad-input', `This is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

/** One pass over the text for what JSON.parse lets through: depth, duplicate keys, integers that lose digits. */
function scan(text: string, maxDepth: number): void {
  const keys: (Set<string> | null)[] = [];
  const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|[{}[\]:,]/gs;
  let last = '';
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const found = match[0];
    const first = found[0]!;
    if (first === '{' || first === '[') {
      keys.push(first === '{' ? new Set() : null);
      if (keys.length > maxDepth) throw new WarroomError('bad-input', `JSON nested deeper than ${maxDepth}.`);
    } else if (first === '}' || first === ']') keys.pop();
    else if (first === ':') checkKey(last, keys.at(-1));
    else if (first === '"') {
      last = found;
      if (found.includes('\\u') && !stringOf(found).isWellFormed())
        throw new WarroomError('bad-input', 'A text holds half of a surrogate pair.');
    } else if (/^-?\d+$/.test(found) && !Number.isSafeInteger(Number(found)))
      throw new WarroomError('bad-input', `The integer ${found} is not below 2^53.`);
  }
}

function checkKey(quoted: string, seen: Set<string> | null | undefined): void {
  const key = stringOf(quoted);
  if (seen?.has(key)) throw new WarroomError('bad-input', `The key "${key}" stands twice in one object.`);
  if (key === '__proto__') throw new WarroomError('bad-input', 'The key "__proto__" is refused.');
  seen?.add(key);
}

function stringOf(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new WarroomError('bad-input', 'A text in the JSON is malformed.');
  }
}
