import { describe, expect, it } from 'vitest';
import { binCounts, binEdges, binLabel, edgesUpTo } from './bins.ts';
import { holm } from './holm.ts';
import { quantileOf } from './samples.ts';
import { wilson } from './wilson.ts';

describe('Wilson’s interval', () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i of %i is that of Newcombe (1998), table I, method 3', (hits, trials, low, high) => {
    const found = wilson(hits, trials);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  it('stays within the shares that there are', () => {
    expect(wilson(20, 20).high).toBe(1);
    expect(wilson(20, 20).low).toBeCloseTo(1 - 0.1611, 4);
  });

  it('refuses what is no share', () => {
    for (const [hits, trials] of [
      [0, 0],
      [2, 1],
      [-1, 5],
      [NaN, 5],
    ] as const)
      expect(() => wilson(hits, trials)).toThrow('is no share');
  });
});

describe('Holm’s adjustment', () => {
  it('gives what R’s p.adjust(p, "holm") does', () => {
    // The example of `?holm` in R's package Dmisc; by hand 5 · 0.001, 4 · 0.007, 3 · 0.014, 2 · 0.031, 1 · 0.042 raised.
    const adjusted = holm([0.042, 0.001, 0.031, 0.014, 0.007]);
    [0.062, 0.005, 0.062, 0.042, 0.028].forEach((p, i) => expect(adjusted[i]).toBeCloseTo(p, 14));
  });

  it('stops at 1, keeps ties alike, and has nothing to adjust in nothing', () => {
    expect(holm([0.6, 0.6, 0.6])).toEqual([1, 1, 1]);
    expect(holm([])).toEqual([]);
    expect(() => holm([NaN])).toThrow('NaN is no probability.');
  });
});

describe('bins', () => {
  const ramp = Float64Array.from({ length: 1000 }, (_, i) => i);

  it('hold equal shares of the baseline', () => {
    const edges = binEdges(ramp);
    expect(edges).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900]);
    expect(binCounts(edges, ramp)).toEqual(new Array(10).fill(100));
  });

  it('are fewer for few samples', () => {
    expect(binEdges(ramp.slice(0, 100))).toHaveLength(4);
    expect(binEdges([1])).toHaveLength(2);
  });

  it('give a constant its own, so that what leaves it is seen on either side', () => {
    const edges = binEdges(new Array<number>(300).fill(0.9));
    expect(binCounts(edges, [0.9, 0.9, 0.899_999, 0.900_001])).toEqual([1, 2, 1]);
    for (const constant of [0, -3, 1e300]) {
      const own = binEdges(new Array<number>(300).fill(constant));
      expect(edgesUpTo(own, constant)).toBe(1);
    }
  });

  it('say in words what is in them', () => {
    expect(binLabel([0.5, 0.75], 0)).toBe('below 0.5');
    expect(binLabel([0.5, 0.75], 1)).toBe('0.5 … 0.75');
    expect(binLabel([0.5, 0.75], 2)).toBe('from 0.75');
    expect(binLabel([], 0)).toBe('any');
  });

  it('refuse NaN and nothing', () => {
    expect(() => binEdges([1, NaN])).toThrow('NaN');
    expect(() => binEdges([])).toThrow('no samples');
  });
});

it('quantiles are those of R’s default, type 7', () => {
  // R: quantile(c(1, 2, 4, 8), c(0, 0.1, 0.5, 1)) is 1, 1.3, 3, 8.
  expect([0, 0.1, 0.5, 1].map((share) => quantileOf([1, 2, 4, 8], share))).toEqual([1, 1.3, 3, 8]);
});
