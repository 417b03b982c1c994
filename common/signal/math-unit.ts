import type { MathNode } from './math-parse.ts';

/** The unit of a result, where the expression keeps that of its inputs: `units` by input. '' where it does not, or can't be told. */
export function unitOf(node: MathNode, units: readonly string[]): string {
  return resultOf(node, units) ?? '';
}

/** Null: a plain number, of any unit. */
function resultOf(node: MathNode, units: readonly string[]): string | null {
  const of = (each: MathNode) => resultOf(each, units);
  switch (node.is) {
    case 'number':
      return null;
    case 'channel':
      return units[node.input] ?? '';
    case 'negate':
      return of(node.of);
    case '+':
    case '-':
      return same([of(node.left), of(node.right)]);
    case '*':
    case '/': {
      const [left, right] = [of(node.left), of(node.right)];
      if (right === null) return left;
      return left === null && node.is === '*' ? right : '';
    }
    case 'call':
      return node.name === 'd' ? '' : same(node.of.map(of));
  }
}

function same(units: (string | null)[]): string | null {
  const told = new Set(units.filter((unit) => unit !== null));
  return told.size > 1 ? '' : ([...told][0] ?? null);
}
