/**
 * What always holds of a row, as `bbox[2] > bbox[0]`, `0 <= confidence <= 1`, `label in ["ok", "dent"]` or
 * `boxes[*].score >= 0 and count(boxes) < 100`: paths of JSON (json-path.ts, names of letters, digits and _), numbers, texts,
 * true, false, null, + - * /, comparisons, `in`, `and`, `or`, `not`, and the functions `count(x)`, `abs(x)` and `has(x)`.
 */
import { WarroomError } from '../lib/errors.ts';
import { takePath, type PathStep } from './json-path.ts';

export type Comparison = '<' | '<=' | '>' | '>=' | '=' | '!=' | 'in';

export type InvariantNode =
  | { is: 'value'; value: string | number | boolean | null }
  | { is: 'list'; of: (string | number | boolean | null)[] }
  /** `text`: as it is written. */
  | { is: 'path'; text: string; steps: PathStep[] }
  | { is: 'negate' | 'not'; of: InvariantNode }
  | { is: '+' | '-' | '*' | '/' | 'and' | 'or'; left: InvariantNode; right: InvariantNode }
  | { is: 'call'; name: InvariantFunction; of: InvariantNode }
  /** `a < b <= c`: `signs[i]` stands between `of[i]` and `of[i + 1]`. */
  | { is: 'compare'; of: InvariantNode[]; signs: Comparison[] };

export const invariantFunctions = ['count', 'abs', 'has'] as const;
export type InvariantFunction = (typeof invariantFunctions)[number];

export interface Invariant {
  text: string;
  root: InvariantNode;
  /** The list that `[*]` goes through: the expression is to hold for each of its items. Null without one. */
  each: PathStep[] | null;
}

export const longestInvariant = 300;
const deepest = 32;
const words = new Set(['and', 'or', 'not', 'in', 'true', 'false', 'null']);
const name = /\$|[A-Za-z_]\w*/y;
const literals: Record<string, boolean | null> = { true: true, false: false, null: null };

/** Throws `bad-input` that says where (`data.at`, characters from 0) and what was expected there. */
export function parseInvariant(text: string): Invariant {
  if (text.length > longestInvariant)
    throw problem(longestInvariant, `an expression has at most ${longestInvariant} characters.`);
  return new Parser(text).all();
}

class Parser {
  private at = 0;
  private depth = 0;
  private each: { text: string; steps: PathStep[] } | null = null;
  private hasPath = false;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  all(): Invariant {
    const root = this.either();
    this.skip();
    if (this.at < this.text.length) throw this.unexpected('an operator or the end');
    if (!this.hasPath) throw problem(0, 'it reads nothing of the row.');
    if (!isTruth(root)) throw problem(0, 'it says nothing that could be false: compare it with something.');
    return { text: this.text, root, each: this.each?.steps ?? null };
  }

  private skip(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  /** Takes the first of these signs or words that stands here. */
  private takes<T extends string>(...wanted: T[]): T | null {
    this.skip();
    for (const each of wanted) {
      if (!this.text.startsWith(each, this.at)) continue;
      const isCut = /^\w/.test(each) && /\w/.test(this.text[this.at + each.length] ?? '');
      if (isCut) continue;
      this.at += each.length;
      return each;
    }
    return null;
  }

  private either(): InvariantNode {
    let left = this.both();
    while (this.takes('or')) left = { is: 'or', left, right: this.both() };
    return left;
  }

  private both(): InvariantNode {
    let left = this.negated();
    while (this.takes('and')) left = { is: 'and', left, right: this.negated() };
    return left;
  }

  private negated(): InvariantNode {
    this.enter();
    const node: InvariantNode = this.takes('not') ? { is: 'not', of: this.negated() } : this.comparison();
    this.depth--;
    return node;
  }

  private comparison(): InvariantNode {
    const of = [this.sum()];
    const signs: Comparison[] = [];
    for (;;) {
      const sign = this.takes('<=', '>=', '!=', '==', '<', '>', '=', 'in');
      if (!sign) break;
      signs.push(sign === '==' ? '=' : sign);
      of.push(this.sum());
    }
    return signs.length === 0 ? of[0]! : { is: 'compare', of, signs };
  }

  private sum(): InvariantNode {
    let left = this.product();
    for (let sign = this.takes('+', '-'); sign; sign = this.takes('+', '-'))
      left = { is: sign, left, right: this.product() };
    return left;
  }

  private product(): InvariantNode {
    let left = this.signed();
    for (let sign = this.takes('*', '/'); sign; sign = this.takes('*', '/'))
      left = { is: sign, left, right: this.signed() };
    return left;
  }

  private signed(): InvariantNode {
    this.enter();
    const node: InvariantNode = this.takes('-') ? { is: 'negate', of: this.signed() } : this.operand();
    this.depth--;
    return node;
  }

  private enter(): void {
    if (++this.depth > deepest) throw problem(this.at, `it is nested over ${deepest} deep here.`);
  }

  private operand(): InvariantNode {
    if (this.takes('(')) {
      const inner = this.either();
      if (!this.takes(')')) throw this.unexpected('an operator or )');
      return inner;
    }
    if (this.takes('[')) return this.list();
    const literal = this.literal();
    if (literal !== undefined) return { is: 'value', value: literal };
    for (const each of invariantFunctions) {
      const before = this.at;
      if (this.takes(each) && this.takes('(')) return this.call(each);
      this.at = before;
    }
    return this.path();
  }

  private call(called: InvariantFunction): InvariantNode {
    const of = this.sum();
    if (!this.takes(')')) throw this.unexpected(`an operator or the ) of ${called}(`);
    return { is: 'call', name: called, of };
  }

  private list(): InvariantNode {
    const of: (string | number | boolean | null)[] = [];
    do {
      const literal = this.literal();
      if (literal === undefined) throw this.unexpected('a number or a text in quotes');
      of.push(literal);
    } while (this.takes(','));
    if (!this.takes(']')) throw this.unexpected(', or ]');
    return { is: 'list', of };
  }

  private literal(): string | number | boolean | null | undefined {
    const word = this.takes('true', 'false', 'null');
    if (word) return literals[word]!;
    const rest = this.text.slice(this.at);
    const quoted = /^(?:"([^"]*)"|'([^']*)')/.exec(rest);
    const number = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?!\w)/i.exec(rest);
    this.at += (quoted ?? number)?.[0].length ?? 0;
    if (quoted) return quoted[1] ?? quoted[2]!;
    if (!number) return undefined;
    const value = Number(number[0]);
    if (!Number.isFinite(value)) throw problem(this.at - number[0].length, `${number[0]} is too large.`);
    return value;
  }

  private path(): InvariantNode {
    this.skip();
    const from = this.at;
    name.lastIndex = from;
    const first = name.exec(this.text)?.[0];
    if (!first || words.has(first)) throw this.unexpected('a field, a number or a text in quotes');
    const { steps, end } = takePath(this.text, from, name, name);
    this.at = end;
    this.hasPath = true;
    this.noteEach(steps, from, end);
    return { is: 'path', text: this.text.slice(from, end), steps };
  }

  /** One expression goes through one list, so that `boxes[*][2] > boxes[*][0]` compares within each box. */
  private noteEach(steps: PathStep[], from: number, end: number): void {
    const first = steps.findIndex(({ is }) => is === 'every');
    if (first < 0) return;
    if (steps.findLastIndex(({ is }) => is === 'every') > first)
      throw problem(from, `${this.text.slice(from, end)} has more than one [*].`);
    const list = steps.slice(0, first);
    const text = JSON.stringify(list);
    this.each ??= { text, steps: list };
    if (this.each.text !== text)
      throw problem(from, 'its [*] goes through another list than the one before.');
  }

  private unexpected(wanted: string): WarroomError {
    this.skip();
    const there = /^(?:\w+|[^]|$)/u.exec(this.text.slice(this.at))![0] || 'the end';
    return problem(this.at, `${wanted} is expected, not ${there}.`);
  }
}

/** Whether it is true or false, and no number or text. A field may be either. */
function isTruth(node: InvariantNode): boolean {
  if (node.is === 'and' || node.is === 'or') return isTruth(node.left) && isTruth(node.right);
  if (node.is === 'not') return isTruth(node.of);
  return node.is === 'compare' || node.is === 'path' || (node.is === 'call' && node.name === 'has');
}

function problem(at: number, message: string): WarroomError {
  return new WarroomError(
    'bad-input',
    `At character ${at + 1}: ${message}`,
    'Write it as bbox[2] > bbox[0].',
    { at },
  );
}
