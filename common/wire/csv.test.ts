import { expect, it } from 'vitest';
import { listen } from '../../test/fakes/readings.ts';
import { createCsv } from './csv.ts';

/** How many values each line gives; -1 for one that is refused. */
function widths(...lines: string[]) {
  const dialect = createCsv();
  return lines.map((line) => {
    const said = listen(dialect, line);
    return said ? Object.keys(said.moments[0] ?? {}).length : -1;
  });
}
const times = (count: number, line: string) => Array.from({ length: count }, () => line);

it('fixes the number of columns by two lines in a row, whatever came before', () => {
  expect(widths('4,5', '1,2,3', '1,2,3', '1,2,3')).toEqual([0, 0, 3, 3]);
  expect(widths('1,2,3', 'noise', '1,2,3', '1,2,3')).toEqual([0, -1, 0, 3]);
});

it('takes another number of columns from sixteen lines in a row, and goes back with two', () => {
  const before = times(3, '1,2');
  expect(widths(...before, ...times(17, '1,2,3')).slice(3)).toEqual([...times(15, '').map(() => -1), 3, 3]);
  expect(widths(...before, ...times(15, '1,2,3'), '1,2', ...times(15, '1,2,3')).slice(-1)).toEqual([-1]);
  expect(widths(...before, ...times(17, '1,2,3'), ...times(3, '1,2')).slice(-3)).toEqual([-1, 2, 2]);
});
