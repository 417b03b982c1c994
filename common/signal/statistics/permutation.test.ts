import { describe, expect, it } from 'vitest';
import { meanOf } from '../measure-statistics.ts';
import { binCounts, binEdges } from './bins.ts';
import { psi } from './divergence.ts';
import { kolmogorovSmirnov, poolOf } from './kolmogorov.ts';
import { permutationTest, permuteCounts, permuteGap, underNoChange } from './permutation.ts';
import { createRandom } from './random.ts';

/** Efron and Tibshirani, An Introduction to the Bootstrap (1993), table 2.1: days that mice lived. */
const treated = [94, 197, 16, 38, 99, 141, 23];
const untreated = [52, 104, 146, 10, 51, 30, 40, 27, 46];

describe('a permutation test', () => {
  it('comes near what all permutations of Efron and Tibshirani’s mice give', () => {
    // Counted out: 1 613 of the 11 440 ways have as large a difference of means.
    const { p, value } = permutationTest(treated, untreated, (a, b) => meanOf(a) - meanOf(b), {
      permutations: 20_000,
    });
    expect(value).toBeCloseTo(30.63, 2);
    expect(Math.abs(p - 1613 / 11_440)).toBeLessThan(4 * Math.sqrt((0.141 * 0.859) / 20_000));
  });

  it('counts itself: p = (b + 1) / (n + 1) is never 0 (Phipson and Smyth, 2010)', () => {
    expect(underNoChange(1, 999, () => 0).p).toBe(1 / 1000);
    expect(underNoChange(0, 999, () => 0).p).toBe(1);
  });

  it('is over its 99th percentile only where p is at most 0.01', () => {
    let drawn = 0;
    const spread = (observed: number, n: number) => {
      drawn = 0;
      return underNoChange(observed, n, () => ++drawn);
    };
    expect(spread(990.5, 999)).toEqual({ p: 0.01, p99: 990, permutations: 999 });
    expect(spread(989.5, 999).p).toBe(0.011);
    expect(spread(1000, 98).p99).toBe(Infinity);
  });

  it('gives the same again for the same seed', () => {
    const run = (seed: number) => permuteCounts([50, 50], [60, 40], psi2, { seed });
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  it('of counts has the mean of PSI under no change: (1/n + 1/m) (bins − 1) (Yurdakul and Naranjo, 2020)', () => {
    const counts = (n: number) => new Array<number>(10).fill(n / 10);
    const seen: number[] = [];
    permuteCounts(
      counts(2000),
      counts(1000),
      (a, b) => {
        seen.push(psi2(a, b));
        return seen.at(-1)!;
      },
      { permutations: 2000 },
    );
    expect(meanOf(seen) / ((1 / 2000 + 1 / 1000) * 9)).toBeGreaterThan(0.94);
    expect(meanOf(seen) / ((1 / 2000 + 1 / 1000) * 9)).toBeLessThan(1.06);
  });

  it('of D agrees with the exact p', () => {
    const exact = kolmogorovSmirnov(treated, untreated).p;
    const { p } = permuteGap(poolOf(treated, untreated), { permutations: 5000 });
    expect(Math.abs(p - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 5000));
  });

  it('does fewer permutations of many samples', () => {
    const many = Float64Array.from({ length: 10_000 }, (_, i) => i);
    expect(permuteGap(poolOf(many, many)).permutations).toBe(199);
  });

  it('calls one in a hundred unchanged pairs over the 99th percentile, though the bins are cut from one side', () => {
    let over = 0;
    const random = createRandom(11);
    for (let pair = 0; pair < 400; pair++) {
      const [a, b] = [400, 250].map((length) => Float64Array.from({ length }, () => random() + random()));
      const edges = binEdges(a!);
      const sides = [binCounts(edges, a!), binCounts(edges, b!)] as const;
      const { p99 } = permuteCounts(...sides, psi2, { permutations: 199, seed: pair });
      if (psi(...sides) > p99) over++;
    }
    // Four expected; twelve or more have a chance of one in a thousand.
    expect(over).toBeLessThan(12);
  });

  it('refuses NaN, in and out', () => {
    expect(() => permutationTest([NaN], [1], () => 0)).toThrow('NaN');
    expect(() => permutationTest([1], [1], () => NaN)).toThrow('NaN');
  });
});

function psi2(a: number[], b: number[]): number {
  return psi(a, b);
}
