import { expect, it } from 'vitest';
import { parseMath } from './math-parse.ts';
import { unitOf } from './math-unit.ts';

it.each([
  ['[a/g] + [b/g]', 'g'],
  ['-2 * ([a/g] - 3) / 4', 'g'],
  ['max(avg([a/g], 1), 5)', 'g'],
  ['[a/g] + [c/ms]', ''],
  ['[a/g] * [b/g]', ''],
  ['1 / [a/g]', ''],
  ['d([a/g])', ''],
])('the unit of %s is "%s"', (text, unit) => {
  const { root, inputs } = parseMath(text);
  expect(
    unitOf(
      root,
      inputs.map((id) => id.split('/')[1]!),
    ),
  ).toBe(unit);
});
