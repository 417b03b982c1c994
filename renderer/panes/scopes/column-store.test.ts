import { describe, expect, it } from 'vitest';
import { ColumnStore } from './column-store.ts';

const write = (store: ColumnStore, first: number, ...values: number[]) =>
  store.write(
    first,
    Float32Array.from(values),
    Float32Array.from(values, (value) => value + 1),
  );

describe('the ring of columns', () => {
  it('answers by absolute number, also past 2^32', () => {
    const store = new ColumnStore(8);
    const first = 179_500_000_000_000;
    write(store, first, 1, 2, 3);
    expect([store.minAt(first), store.maxAt(first + 2)]).toEqual([1, 4]);
    expect(store.minAt(first + 3)).toBeNaN();
    expect(store.minAt(first - 1)).toBeNaN();
  });

  it('leaves what lies between two writes empty, in slots used before too', () => {
    const store = new ColumnStore(8);
    write(store, 0, 1, 1, 1, 1, 1, 1, 1, 1);
    write(store, 12, 5);
    expect(store.minAt(4)).toBeNaN();
    expect(store.minAt(5)).toBe(1);
    for (const column of [8, 9, 10, 11]) expect(store.minAt(column)).toBeNaN();
    expect(store.minAt(12)).toBe(5);
  });

  it('replaces a column that is sent again', () => {
    const store = new ColumnStore(8);
    write(store, 3, 1, 2);
    write(store, 4, 9, 10);
    expect([3, 4, 5].map((column) => store.minAt(column))).toEqual([1, 9, 10]);
  });

  it('starts anew when the next write is further off than it can hold', () => {
    const store = new ColumnStore(4);
    write(store, 100, 1);
    write(store, 5, 2);
    expect(store.minAt(100)).toBeNaN();
    expect(store.minAt(5)).toBe(2);
  });

  it('keeps the newest columns of a write that is longer than the ring', () => {
    const store = new ColumnStore(4);
    write(store, 0, 0, 1, 2, 3, 4, 5);
    expect(store.minAt(1)).toBeNaN();
    expect([2, 3, 4, 5].map((column) => store.minAt(column))).toEqual([2, 3, 4, 5]);
  });

  it('gives the extent and the newest value of what is shown', () => {
    const store = new ColumnStore(8);
    write(store, 0, 4, NaN, 2, NaN);
    expect(store.extent(0, 8)).toEqual({ min: 2, max: 5, last: 2.5, lastColumn: 2 });
    expect(store.extent(3, 8)).toBeNull();
  });
});
