import { valuesAt, type PathStep } from './json-path.ts';
import type { Comparison, Invariant, InvariantNode } from './invariant-parse.ts';

export { parseInvariant, type Invariant } from './invariant-parse.ts';

export interface InvariantResult {
  /** Null: it can't be told, because a field is missing or of another kind than what it is compared with. */
  holds: boolean | null;
  /** Of an expression with `[*]`: the first item where it does not hold, or can't be told. */
  item: number | null;
  /** What the fields were there, by path as it is written; undefined where nothing lay. */
  fields: Record<string, unknown>;
}

/** Most items that `[*]` goes through. */
const mostItems = 10_000;

/** Whether it holds of a row. Of an expression with `[*]`: of every item; of an empty list it does. */
export function checkInvariant({ root, each }: Invariant, row: unknown): InvariantResult {
  if (!each) return checkOnce(root, row, null);
  const list = valuesAt(row, each)[0];
  if (!Array.isArray(list)) return { ...checkOnce(root, row, 0), holds: null, item: null };
  let untold: InvariantResult | null = null;
  for (let item = 0; item < Math.min(list.length, mostItems); item++) {
    const result = checkOnce(root, row, item);
    if (result.holds === false) return result;
    if (result.holds === null) untold ??= result;
  }
  return untold ?? { holds: list.length > mostItems ? null : true, item: null, fields: {} };
}

function checkOnce(root: InvariantNode, row: unknown, item: number | null): InvariantResult {
  const fields: Record<string, unknown> = {};
  const value = valueOf(root, (text, steps) => {
    const at = steps.map((step): PathStep => (step.is === 'every' ? { is: 'item', index: item! } : step));
    return (fields[text] = valuesAt(row, at)[0]);
  });
  return { holds: typeof value === 'boolean' ? value : null, item, fields };
}

type Read = (text: string, steps: PathStep[]) => unknown;

/** Undefined: it can't be told. */
function valueOf(node: InvariantNode, read: Read): unknown {
  const of = (each: InvariantNode) => valueOf(each, read);
  switch (node.is) {
    case 'value':
      return node.value;
    case 'list':
      return node.of;
    case 'path':
      return read(node.text, node.steps);
    case 'negate':
      return finite(of(node.of), 0, (value) => -value);
    case 'not':
      return negation(of(node.of));
    case 'and':
    case 'or':
      return joined(node.is, of(node.left), of(node.right));
    case 'call':
      return called(node.name, of(node.of));
    case 'compare':
      return node.signs
        .map((sign, i) => compared(sign, of(node.of[i]!), of(node.of[i + 1]!)))
        .reduce((all, next) => joined('and', all, next));
    default:
      return finite(of(node.left), of(node.right), operators[node.is]);
  }
}

const operators = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
};

function finite(
  left: unknown,
  right: unknown,
  compute: (a: number, b: number) => number,
): number | undefined {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  const value = compute(left, right);
  return Number.isFinite(value) ? value : undefined;
}

const negation = (value: unknown) => (typeof value === 'boolean' ? !value : undefined);

/** As in SQL: what can't be told decides nothing that the other side decides already. */
function joined(how: 'and' | 'or', left: unknown, right: unknown): boolean | undefined {
  const deciding = how === 'or';
  if (left === deciding || right === deciding) return deciding;
  return left === !deciding && right === !deciding ? !deciding : undefined;
}

function called(name: 'count' | 'abs' | 'has', value: unknown): unknown {
  if (name === 'has') return value !== undefined && value !== null;
  if (name === 'abs') return typeof value === 'number' ? Math.abs(value) : undefined;
  return Array.isArray(value) || typeof value === 'string' ? value.length : undefined;
}

function compared(sign: Comparison, left: unknown, right: unknown): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  if (sign === 'in') return Array.isArray(right) ? right.includes(left) : undefined;
  const isNull = left === null || right === null;
  if (sign === '=' || sign === '!=') {
    if (!isNull && typeof left !== typeof right) return undefined;
    if (typeof left === 'object' && left !== null) return undefined;
    return (left === right) === (sign === '=');
  }
  if (typeof left === 'number' && typeof right === 'number') return ordered(sign, left, right);
  if (typeof left === 'string' && typeof right === 'string') return ordered(sign, left, right);
  return undefined;
}

function ordered<T extends number | string>(sign: '<' | '<=' | '>' | '>=', left: T, right: T): boolean {
  if (sign === '<') return left < right;
  if (sign === '<=') return left <= right;
  return sign === '>' ? left > right : left >= right;
}
