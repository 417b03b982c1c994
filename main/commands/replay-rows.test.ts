import { expect, it } from 'vitest';
import { createRowJoin } from './replay-rows.ts';

const samples = (t: number[], v: number[]) => ({ t: Float64Array.from(t), v: Float64Array.from(v) });

it('puts columns together again however their blocks come', () => {
  const join = createRowJoin(2);
  join.add(0, samples([10, 20, 30], [1, 2, 3]));
  expect(join.take()).toEqual([]);
  join.add(1, samples([10, 20], [0.1, 0.2]));
  expect(join.take()).toEqual([
    { t: 10, values: [1, 0.1] },
    { t: 20, values: [2, 0.2] },
  ]);
  join.add(1, samples([30], [0.3]));
  expect(join.take()).toEqual([{ t: 30, values: [3, 0.3] }]);
  expect(join.leftOut).toBe(0);
});

it('counts samples whose row is not whole, also at the end', () => {
  const join = createRowJoin(2);
  join.add(0, samples([10, 20, 30, 40], [1, 2, 3, 4]));
  join.add(1, samples([20, 35, 40, 50], [0.2, 0.35, 0.4, 0.5]));
  expect(join.take()).toEqual([
    { t: 20, values: [2, 0.2] },
    { t: 40, values: [4, 0.4] },
  ]);
  // 10 and 30 of the one, 35 and 50 of the other.
  expect(join.leftOut).toBe(4);
});
