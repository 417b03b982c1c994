/**
 * The regular expressions that a profile may hold: what a matcher can do in time linear in the text, so that no pattern of a
 * foreign profile can hold the room up. Literals, `.`, classes, `\d \w \s \b` and their opposites, groups (also named), `|`,
 * `* + ? {n,m}` and their lazy forms, `^` and `$` (of each line), and `(?i)` at the beginning. No back-references, no looking
 * ahead or behind.
 */
import { WarroomError } from '../lib/errors.ts';
import { classes, readClass, type CharSet } from './pattern-class.ts';

export type PatternNode =
  | { is: 'char'; set: CharSet }
  | { is: 'all'; of: PatternNode[] }
  | { is: 'any'; of: PatternNode[] }
  | { is: 'repeat'; of: PatternNode; least: number; most: number; isLazy: boolean }
  /** `slot`: the number of the group, from 1. */
  | { is: 'group'; of: PatternNode; slot: number }
  | { is: 'at'; what: PatternPlace };
export type PatternPlace = 'line start' | 'line end' | 'word edge' | 'no word edge';

export interface ParsedPattern {
  root: PatternNode;
  /** Names of the groups by number, from 1; null where a group has none. */
  groups: (string | null)[];
  ignoresCase: boolean;
}

export const longestPattern = 200;
const deepest = 20;
const mostGroups = 20;
const mostRepeats = 1000;

/** Throws `bad-input` that says where (`data.at`, characters from 0) and what can't be said in it. */
export function parsePattern(text: string): ParsedPattern {
  if (text.length > longestPattern)
    throw problem(longestPattern, `a pattern has at most ${longestPattern} characters.`);
  return new Parser(text).all();
}

const places: Record<string, PatternPlace> = { b: 'word edge', B: 'no word edge' };

class Parser {
  private at = 0;
  private depth = 0;
  private readonly text: string;
  private readonly groups: (string | null)[] = [null];

  constructor(text: string) {
    this.text = text;
  }

  all(): ParsedPattern {
    const ignoresCase = this.takes('(?i)');
    const root = this.choice();
    if (this.at < this.text.length)
      throw problem(this.at, 'this ) closes nothing.', 'Write \\) for the sign.');
    return { root, groups: this.groups, ignoresCase };
  }

  private takes(wanted: string): boolean {
    const isThere = this.text.startsWith(wanted, this.at);
    if (isThere) this.at += wanted.length;
    return isThere;
  }

  private choice(): PatternNode {
    const of = [this.sequence()];
    while (this.takes('|')) of.push(this.sequence());
    return of.length === 1 ? of[0]! : { is: 'any', of };
  }

  private sequence(): PatternNode {
    const of: PatternNode[] = [];
    while (this.at < this.text.length && !'|)'.includes(this.text[this.at]!)) of.push(this.repeated());
    return { is: 'all', of };
  }

  private repeated(): PatternNode {
    const start = this.at;
    const of = this.one();
    const times = this.times();
    if (!times) return of;
    if (isEmptyPossible(of))
      throw problem(start, 'what is repeated must not match nothing.', 'Take the inner * or ? away.');
    const isLazy = this.takes('?');
    if (this.times()) throw problem(this.at - 1, 'one repetition follows another.');
    return { is: 'repeat', of, ...times, isLazy };
  }

  private times(): { least: number; most: number } | null {
    if (this.takes('*')) return { least: 0, most: Infinity };
    if (this.takes('+')) return { least: 1, most: Infinity };
    if (this.takes('?')) return { least: 0, most: 1 };
    const counted = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(this.text.slice(this.at, this.at + 12));
    if (!counted) return null;
    const least = Number(counted[1]);
    const most = counted[2] === undefined ? least : Number(counted[3] ?? Infinity);
    if (most < least || least > mostRepeats || (most > mostRepeats && most !== Infinity))
      throw problem(this.at, `{n,m} is from 0 to ${mostRepeats}, the smaller number first.`);
    this.at += counted[0].length;
    return { least, most };
  }

  private one(): PatternNode {
    const char = String.fromCodePoint(this.text.codePointAt(this.at)!);
    const start = this.at;
    this.at += char.length;
    if (char === '(') return this.group(start);
    if (char === '[') return this.bracket(start);
    if (char === '\\') return this.escaped(start);
    if (char === '.') return { is: 'char', set: classes.dot };
    if (char === '^') return { is: 'at', what: 'line start' };
    if (char === '$') return { is: 'at', what: 'line end' };
    if ('*+?'.includes(char)) throw problem(start, `there is nothing before ${char} to repeat.`);
    if ('{}]'.includes(char)) throw problem(start, `${char} is written \\${char}.`);
    return { is: 'char', set: literal(char) };
  }

  private group(start: number): PatternNode {
    const name = this.groupName(start);
    const slot = name === undefined ? 0 : this.groups.push(name) - 1;
    if (slot > mostGroups) throw problem(start, `a pattern has at most ${mostGroups} groups.`);
    if (++this.depth > deepest) throw problem(start, `groups are nested over ${deepest} deep.`);
    const of = this.choice();
    this.depth--;
    if (!this.takes(')')) throw problem(start, 'this ( is not closed.', 'Write \\( for the sign.');
    return slot === 0 ? of : { is: 'group', of, slot };
  }

  /** Undefined for a group that keeps nothing. */
  private groupName(start: number): string | null | undefined {
    if (!this.takes('?')) return null;
    if (this.takes(':')) return undefined;
    const named = /^<([A-Za-z_]\w{0,39})>/.exec(this.text.slice(this.at));
    if (!named)
      throw problem(
        start,
        'there is no looking ahead or behind, only (?:…) and (?<name>…).',
        'Match what stands beside it too, and name the part that is meant: rate=(?<rate>\\d+).',
      );
    if (this.groups.includes(named[1]!)) throw problem(start, `two groups are called ${named[1]}.`);
    this.at += named[0].length;
    return named[1]!;
  }

  private bracket(start: number): PatternNode {
    const read = readClass(this.text, this.at);
    if (typeof read.set === 'string') throw problem(Math.min(read.end, this.text.length), read.set);
    if (read.end > this.text.length) throw problem(start, 'this [ is not closed.', 'Write \\[ for the sign.');
    this.at = read.end;
    return { is: 'char', set: read.set };
  }

  private escaped(start: number): PatternNode {
    const char = this.text[this.at++];
    if (char === undefined) throw problem(start, 'a \\ stands at the end.');
    if (places[char]) return { is: 'at', what: places[char] };
    if (/[1-9k]/.test(char)) throw problem(start, 'there are no back-references.');
    const set = Object.hasOwn(classes.escaped, char) ? classes.escaped[char]! : null;
    if (set) return { is: 'char', set };
    if (/[\w\s]/.test(char)) throw problem(start, `\\${char} means nothing here.`);
    return { is: 'char', set: literal(char) };
  }
}

/** Whether it can match without taking a character: repeated, it would go on for ever. */
function isEmptyPossible(node: PatternNode): boolean {
  switch (node.is) {
    case 'char':
      return false;
    case 'at':
      return true;
    case 'all':
      return node.of.every(isEmptyPossible);
    case 'any':
      return node.of.some(isEmptyPossible);
    case 'repeat':
      return node.least === 0;
    case 'group':
      return isEmptyPossible(node.of);
  }
}

const literal = (char: string): CharSet => {
  const code = char.codePointAt(0)!;
  return { ranges: [code, code], isNegated: false };
};

function problem(at: number, message: string, hint = ''): WarroomError {
  return new WarroomError('bad-input', `At character ${at + 1}: ${message}`, hint, { at });
}
