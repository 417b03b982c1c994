import { expect, test } from 'vitest';
import { ColumnStore } from './column-store.ts';
import { areLevels, levelPlace, levelRuns } from './digital.ts';

function storeOf(first: number, extents: [number, number][]): ColumnStore {
  const store = new ColumnStore(64);
  store.write(
    first,
    Float32Array.from(extents, ([min]) => min),
    Float32Array.from(extents, ([, max]) => max),
  );
  return store;
}

test('columns on one level are one run; the column with an edge stands alone between them', () => {
  const store = storeOf(100, [
    [1, 1],
    [1, 1],
    [0, 1],
    [0, 0],
    [0, 0],
    [0, 0],
  ]);
  expect(levelRuns(store, 100, 106)).toEqual([
    { column: 100, count: 2, is: 'high' },
    { column: 102, count: 1, is: 'both' },
    { column: 103, count: 3, is: 'low' },
  ]);
});

test('a pulse within one column is a run of its own, however short it was', () => {
  const store = storeOf(7, [
    [1, 1],
    [0, 1],
    [1, 1],
  ]);
  expect(levelRuns(store, 0, 20).map(({ column, is }) => [column, is])).toEqual([
    [7, 'high'],
    [8, 'both'],
    [9, 'high'],
  ]);
});

test('where there is no data there is no level', () => {
  const store = storeOf(0, [
    [0, 0],
    [NaN, NaN],
    [0, 0],
  ]);
  expect(levelRuns(store, 0, 3)).toEqual([
    { column: 0, count: 1, is: 'low' },
    { column: 2, count: 1, is: 'low' },
  ]);
});

test('only values from 0 to 1 are levels; high stands above low', () => {
  expect(areLevels({ min: 0, max: 1 })).toBe(true);
  expect(areLevels({ min: 0, max: 2 })).toBe(false);
  expect(areLevels({ min: -1, max: 1 })).toBe(false);
  expect(levelPlace(1)).toBeLessThan(levelPlace(0));
});
