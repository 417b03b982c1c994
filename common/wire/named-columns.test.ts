import { expect, it } from 'vitest';
import { createNamedColumns } from './named-columns.ts';

/** Which of the lines' names are columns in the end. */
function learned(...lines: string[][]) {
  const names = createNamedColumns(3);
  for (const line of lines) {
    names.beginLine();
    for (const name of line) names.notice(name, name, '');
  }
  return names.columns.map(({ column }) => column);
}
const times = (count: number, line: string[]) => Array.from({ length: count }, () => line);

it('makes a name a column when three lines had it', () => {
  expect(learned(...times(2, ['a']))).toEqual([]);
  expect(learned(['a', 'a', 'a'])).toEqual([]);
  expect(learned(...times(3, ['a', 'b']), ['c'])).toEqual(['a', 'b']);
});

it('forgets one that came too seldom, and has no more than 32', () => {
  expect(learned(['x'], ['x'], ...times(100, ['a']), ['x'])).toEqual(['a']);
  const many = Array.from({ length: 40 }, (_, i) => `name${i}`);
  expect(learned(...times(4, many))).toHaveLength(32);
});
