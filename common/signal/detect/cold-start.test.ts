import { expect, test } from 'vitest';
import { detect, makeCell, type CellOptions } from './made-signals.ts';

/** Named in `length` seconds of a cell whose samples begin at `from`, as when it is connected then. */
function joined(from: number, options: CellOptions = {}, length = 90) {
  const { change } = options;
  const late: CellOptions['change'] = (counts, t, i) =>
    t < from ? null : change ? change(counts, t, i) : counts;
  return detect(length, [makeCell('cell', length, { ...options, change: late })]).map(
    ({ fault, state }) => `${state} ${fault}`,
  );
}

// Parts come each 3.2 s and lie for 1.4 s: every phase of that, loaded and empty.
const moments = Array.from({ length: 16 }, (_, i) => 1 + i * 0.2);

test.each(moments)('a healthy cell that is connected at %d s has no name', (from) => {
  for (const rate of [80.6, 10.1])
    for (const role of ['counts', 'grams'] as const) expect(joined(from, { rate, role })).toEqual([]);
});

test.each(moments)('what is cleared at %d s is followed by no other name', (from) => {
  const told = joined(0, { change: (counts, t) => (t > 30 && t < 33 + from ? 8_388_607 : counts) });
  expect(told).toEqual(['raised saturated', 'cleared saturated']);
});

test.each(moments)('a cell saturated since it was connected, until %d s later, has no other name', (from) => {
  const told = joined(0, { change: (counts, t) => (t < 3 + from ? 8_388_607 : counts) });
  expect(told).toEqual(['raised saturated', 'cleared saturated']);
});
