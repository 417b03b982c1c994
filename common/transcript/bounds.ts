import { cutText } from '../lib/cut-text.ts';
import { isRecord } from '../lib/members.ts';
import { digestOf } from './digest.ts';
import type { Excerpt } from './types.ts';

/** Most UTF-16 units kept of one text, of one text within an input, and of an input in all. */
export const mostText = 16_384;
const mostInputText = 4_096;
const mostInput = 32_768;
const mostMembers = 64;
const mostDepth = 8;

/** Of a longer text the beginning and the end: tools say at the end how it went. */
export function excerpt(text: string, most = mostText): Excerpt {
  if (text.length <= most) return { text: wellFormed(text), cut: 0 };
  const head = cutText(text, Math.ceil(most * 0.7));
  const tail = text.slice(text.length - Math.floor(most * 0.3)).replace(/^[\uDC00-\uDFFF]/, '');
  const cut = text.length - head.length - tail.length;
  return { text: wellFormed(`${head}\n…[${cut} characters cut]…\n${tail}`), cut };
}

/** Half characters have no UTF-8 form; canonical JSON refuses them. */
function wellFormed(text: string): string {
  return text.isWellFormed() ? text : text.toWellFormed();
}

/**
 * A copy of an input, bounded. A text that was cut ends with a digest of the whole, so that two different texts stay
 * different; what lies too deep is a mark.
 */
export function boundedInput(value: unknown): { input: unknown; cut: number } {
  let room = mostInput;
  let cut = 0;

  function text(whole: string): string {
    const most = Math.min(mostInputText, Math.max(room, 64));
    room -= Math.min(whole.length, most);
    if (whole.length <= most) return wellFormed(whole);
    const kept = cutText(whole, most);
    cut += whole.length - kept.length;
    return wellFormed(`${kept}…[${whole.length - kept.length} characters cut, ${digestOf(whole)}]`);
  }

  function copy(at: unknown, depth: number): unknown {
    room -= 8;
    if (typeof at === 'string') return text(at);
    if (typeof at !== 'object' || at === null) return at;
    if (depth >= mostDepth || room <= 0) {
      cut++;
      return '…[cut]';
    }
    if (Array.isArray(at)) {
      cut += Math.max(0, at.length - mostMembers);
      return at.slice(0, mostMembers).map((item) => copy(item, depth + 1));
    }
    const entries = Object.entries(at);
    cut += Math.max(0, entries.length - mostMembers);
    // Through entries, so that a member called __proto__ stays a member.
    return Object.fromEntries(
      entries.slice(0, mostMembers).map(([name, item]) => [cutText(name, 256), copy(item, depth + 1)]),
    );
  }

  return { input: copy(value, 0), cut };
}

/** All texts of a bounded value, in order. */
export function textsOf(value: unknown): string[] {
  const texts: string[] = [];
  const walk = (at: unknown): void => {
    if (typeof at === 'string') texts.push(at);
    else if (typeof at === 'number' || typeof at === 'boolean') texts.push(String(at));
    else if (Array.isArray(at)) at.forEach(walk);
    else if (isRecord(at)) Object.values(at).forEach(walk);
  };
  walk(value);
  return texts;
}

/** UTF-8 bytes of a text, without making them. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) bytes++;
    // Either half of a pair counts 2, 4 bytes together.
    if (unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff)) bytes++;
  }
  return bytes;
}

/** Remembers the newest `most` of what was added. */
export interface RecentSet {
  has(key: string): boolean;
  /** False where it was there already. */
  add(key: string): boolean;
}

export function createRecentSet(most: number): RecentSet {
  const keys = new Set<string>();
  return {
    has: (key) => keys.has(key),
    add(key) {
      if (keys.has(key)) return false;
      keys.add(key);
      if (keys.size > most) keys.delete(keys.values().next().value!);
      return true;
    },
  };
}

/** A map that forgets what was longest not asked for. */
export interface RecentMap<T> {
  /** What is there, or what `make` gives, which is then there. */
  of(key: string, make: () => T): T;
  get(key: string): T | undefined;
  values(): T[];
}

export function createRecentMap<T>(most: number, onForgotten?: (value: T) => void): RecentMap<T> {
  const map = new Map<string, T>();
  const touch = (key: string, value: T) => {
    map.delete(key);
    map.set(key, value);
    return value;
  };
  return {
    of(key, make) {
      const known = map.get(key);
      if (known !== undefined) return touch(key, known);
      if (map.size >= most) {
        const [oldest, value] = map.entries().next().value!;
        map.delete(oldest);
        onForgotten?.(value);
      }
      return touch(key, make());
    },
    get(key) {
      const known = map.get(key);
      return known === undefined ? undefined : touch(key, known);
    },
    values: () => [...map.values()],
  };
}
