/**
 * Expressions over channels: + − × ÷, parentheses, numbers, `[cell-a/weight]` and the functions of `functions`. A name and
 * `=` may stand before it. Bounded in length and depth; nothing else can be said in it.
 */
import { WarroomError } from '../lib/errors.ts';

export type MathNode =
  | { is: 'number'; value: number }
  | { is: 'channel'; input: number }
  | { is: 'negate'; of: MathNode }
  | { is: '+' | '-' | '*' | '/'; left: MathNode; right: MathNode }
  /** `parameter`: the constant that comes last, as the seconds of avg; NaN where there is none. */
  | { is: 'call'; name: FunctionName; of: MathNode[]; parameter: number };

export interface MathExpression {
  /** What stood before `=`. */
  name: string | null;
  root: MathNode;
  /** Channels that it reads, each once. */
  inputs: string[];
}

interface FunctionKind {
  /** How it is written. */
  form: string;
  /** Least and most arguments that are expressions. */
  least: number;
  most: number;
  parameter?: { what: string; least: number; most: number; isWhole: boolean };
}

const seconds = { what: 'seconds', least: 0.001, most: 600, isWhole: false };

export const functions = {
  abs: { form: 'abs(x)', least: 1, most: 1 },
  min: { form: 'min(x, y, …)', least: 2, most: 16 },
  max: { form: 'max(x, y, …)', least: 2, most: 16 },
  avg: { form: 'avg(x, seconds)', least: 1, most: 1, parameter: seconds },
  median: {
    form: 'median(x, samples)',
    least: 1,
    most: 1,
    parameter: { what: 'samples', least: 1, most: 1001, isWhole: true },
  },
  d: { form: 'd(x)', least: 1, most: 1 },
  delay: { form: 'delay(x, seconds)', least: 1, most: 1, parameter: seconds },
} satisfies Record<string, FunctionKind>;
export type FunctionName = keyof typeof functions;

export const longestExpression = 500;
const deepest = 32;
const mostInputs = 16;

/** Throws `bad-input` that says where (`data.at` and `data.length`, characters from 0) and what was expected there. */
export function parseMath(text: string): MathExpression {
  if (text.length > longestExpression)
    throw problem(longestExpression, 1, `An expression has at most ${longestExpression} characters.`);
  return new Parser(text).all();
}

interface Token {
  is: 'number' | 'channel' | 'word' | 'sign' | 'end';
  text: string;
  at: number;
  length: number;
}

/** Signs that are written in more than one way. */
const signs: Record<string, string> = { '×': '*', '·': '*', '÷': '/', '−': '-', '–': '-' };
const tokens =
  /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|\[([^\]]*)\]|([a-z][\w-]*)|([-+*/×·÷−–(),=]))/iy;

function tokensOf(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  for (;;) {
    tokens.lastIndex = at;
    const match = tokens.exec(text);
    if (!match) break;
    const [whole, number, channel, word, sign] = match;
    const start = at + whole.search(/\S/);
    at += whole.length;
    const place = { at: start, length: at - start };
    if (number !== undefined) found.push({ is: 'number', text: number, ...place });
    else if (channel !== undefined) found.push({ is: 'channel', text: channel.trim(), ...place });
    else if (word !== undefined) found.push({ is: 'word', text: word, ...place });
    else found.push({ is: 'sign', text: signs[sign!] ?? sign!, ...place });
  }
  const rest = text.slice(at).search(/\S/);
  if (rest >= 0) {
    const char = [...text.slice(at + rest)][0]!;
    const hint =
      char === '[' ? 'A channel ends with ].' : 'A channel stands in brackets, as [cell-a/weight].';
    throw problem(at + rest, char.length, `${char} is not expected here.`, hint);
  }
  found.push({ is: 'end', text: 'the end', at: text.length, length: 1 });
  return found;
}

class Parser {
  private readonly tokens: Token[];
  private readonly inputs: string[] = [];
  private next = 0;
  private depth = 0;

  constructor(text: string) {
    this.tokens = tokensOf(text);
  }

  all(): MathExpression {
    const [first, second] = this.tokens;
    const isNamed = first!.is === 'word' && second?.text === '=';
    if (isNamed) this.next = 2;
    const root = this.sum();
    if (this.now.is !== 'end') throw this.unexpected('an operator or the end');
    if (this.inputs.length === 0)
      throw problem(0, this.now.at, 'It reads no channel.', 'Name one in brackets, as [cell-a/weight].');
    return { name: isNamed ? first!.text : null, root, inputs: this.inputs };
  }

  private get now(): Token {
    return this.tokens[this.next]!;
  }

  private takes(...texts: string[]): string | null {
    const { is, text } = this.now;
    if (is !== 'sign' || !texts.includes(text)) return null;
    this.next++;
    return text;
  }

  private sum(): MathNode {
    let left = this.product();
    for (let sign = this.takes('+', '-'); sign; sign = this.takes('+', '-'))
      left = { is: sign as '+', left, right: this.product() };
    return left;
  }

  private product(): MathNode {
    let left = this.signed();
    for (let sign = this.takes('*', '/'); sign; sign = this.takes('*', '/'))
      left = { is: sign as '*', left, right: this.signed() };
    return left;
  }

  private signed(): MathNode {
    const { at } = this.now;
    if (++this.depth > deepest) throw problem(at, 1, `It is nested over ${deepest} deep here.`);
    const node: MathNode = this.takes('-') ? { is: 'negate', of: this.signed() } : this.value();
    this.depth--;
    return node;
  }

  private value(): MathNode {
    const token = this.now;
    if (this.takes('(')) {
      const inner = this.sum();
      this.close(token);
      return inner;
    }
    this.next++;
    if (token.is === 'number') return { is: 'number', value: numberOf(token) };
    if (token.is === 'channel') return { is: 'channel', input: this.input(token) };
    if (token.is === 'word') return this.call(token);
    this.next--;
    throw this.unexpected('a number, a channel as [cell-a/weight] or a function');
  }

  private input({ text, at, length }: Token): number {
    if (!/^[^\s/]+\/\S+$/.test(text) || text.length > 200)
      throw problem(
        at,
        length,
        `[${text}] is no channel.`,
        'A channel is <device>/<column>, as [cell-a/weight].',
      );
    const known = this.inputs.indexOf(text);
    if (known >= 0) return known;
    if (this.inputs.length === mostInputs)
      throw problem(at, length, `It reads more than ${mostInputs} channels.`);
    return this.inputs.push(text) - 1;
  }

  private call(token: Token): MathNode {
    const { text, at } = token;
    if (!Object.hasOwn(functions, text)) {
      const forms = Object.values(functions).map(({ form }) => form);
      throw problem(at, text.length, `${text} is no function.`, `There are ${forms.join(', ')}.`);
    }
    const name = text as FunctionName;
    const kind: FunctionKind = functions[name];
    const open = this.now;
    if (!this.takes('(')) throw this.unexpected(`( after ${name}: ${kind.form}`);
    const of = [this.sum()];
    const wanted = kind.parameter ? 1 : 0;
    let parameter = NaN;
    while (this.takes(',')) {
      if (wanted && of.length === kind.most) {
        parameter = this.constant(kind);
        break;
      }
      of.push(this.sum());
    }
    this.close(open);
    if (of.length < kind.least || of.length > kind.most || (wanted && Number.isNaN(parameter)))
      throw problem(at, text.length, `${name} is written ${kind.form}.`);
    return { is: 'call', name, of, parameter };
  }

  private constant({ form, parameter }: FunctionKind): number {
    const token = this.now;
    const { what, least, most, isWhole } = parameter!;
    const value = token.is === 'number' ? numberOf(token) : NaN;
    if (!(value >= least && value <= most) || (isWhole && !Number.isInteger(value)))
      throw problem(
        token.at,
        token.length,
        `${form}: ${what} is a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`,
      );
    this.next++;
    return value;
  }

  private close(open: Token): void {
    if (this.takes(')')) return;
    if (this.now.is === 'end') throw problem(open.at, 1, 'This ( is not closed.', 'Add a ) at the end.');
    throw this.unexpected('an operator or )');
  }

  private unexpected(wanted: string): WarroomError {
    const { text, at, is, length } = this.now;
    const shown = is === 'channel' ? `[${text}]` : text;
    return problem(at, length, `${wanted} is expected, not ${shown}.`);
  }
}

function numberOf({ text, at, length }: Token): number {
  const value = Number(text);
  if (!Number.isFinite(value)) throw problem(at, length, `${text} is too large.`);
  return value;
}

function problem(at: number, length: number, message: string, hint = ''): WarroomError {
  return new WarroomError('bad-input', `At character ${at + 1}: ${message}`, hint, { at, length });
}
