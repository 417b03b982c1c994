import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, kolmogorovTail, largestGap, poolOf } from './kolmogorov.ts';

/** R's `PlantGrowth` (Dobson, 1983): dried weight of plants. */
const control = [4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14];
const first = [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69];
const second = [6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26];
/** Efron and Tibshirani, An Introduction to the Bootstrap (1993), table 2.1: days that mice lived. */
const treated = [94, 197, 16, 38, 99, 141, 23];
const untreated = [52, 104, 146, 10, 51, 30, 40, 27, 46];

/** Of all ways to part the two samples anew, the share whose D is as large. */
function byTrying(a: number[], b: number[]): number {
  const all = [...a, ...b];
  const d = largestGap(poolOf(a, b));
  let [ways, reached] = [0, 0];
  for (let mask = 0; mask < 2 ** all.length; mask++) {
    const taken = all.filter((_, i) => (mask >> i) & 1);
    if (taken.length !== a.length) continue;
    ways++;
    const rest = all.filter((_, i) => !((mask >> i) & 1));
    if (largestGap(poolOf(taken, rest)) >= d - 1e-12) reached++;
  }
  return reached / ways;
}

describe('the two-sample Kolmogorov–Smirnov test', () => {
  it.each([
    { name: 'first and second treatment', a: first, b: second, d: 0.8, p: 0.002_056_766_762_649_115 },
    { name: 'control and second treatment', a: control, b: second, d: 0.5, p: 0.167_821_342_743_943_34 },
    {
      name: 'mice',
      a: treated,
      b: untreated,
      d: 0.349_206_349_206_349_2,
      p: 0.572_727_272_727_272_8,
    },
  ])('gives D and the exact p of SciPy 1.17 `ks_2samp` for $name', ({ a, b, d, p }) => {
    const found = kolmogorovSmirnov(a, b);
    expect(found.exact).toBe(true);
    expect(found.d).toBeCloseTo(d, 14);
    expect(found.p).toBeCloseTo(p, 12);
  });

  it('counts out ties', () => {
    for (const [a, b] of [
      [
        [1, 1, 2, 2, 3],
        [2, 2, 3, 3, 3, 4],
      ],
      [
        [0, 0, 0, 1],
        [0, 1, 1, 1, 1],
      ],
    ] as const)
      expect(kolmogorovSmirnov(a, b).p).toBeCloseTo(byTrying([...a], [...b]), 12);
  });

  it('has the tail of Smirnov’s table (1948): 10 %, 5 % and 1 % at 1.22, 1.36 and 1.63', () => {
    // To more digits: `scipy.special.kolmogorov` 1.17.
    expect(kolmogorovTail(1.2238)).toBeCloseTo(0.100_023_427_8, 9);
    expect(kolmogorovTail(1.3581)).toBeCloseTo(0.049_999_630_4, 9);
    expect(kolmogorovTail(1.6276)).toBeCloseTo(0.010_001_537_3, 9);
    expect(kolmogorovTail(0.5)).toBeCloseTo(0.963_945_243_664_875_1, 12);
    expect(kolmogorovTail(0)).toBe(1);
  });

  it('takes the limit for many, and says so', () => {
    const a = Array.from({ length: 200 }, (_, i) => i);
    const b = Array.from({ length: 300 }, (_, i) => i + 30.5);
    const { d, p, exact } = kolmogorovSmirnov(a, b);
    expect(exact).toBe(false);
    expect(d).toBeCloseTo(131 / 300, 14);
    expect(p).toBe(kolmogorovTail(d * Math.sqrt(120)));
  });

  it('finds no difference in a constant, and a whole one between two', () => {
    expect(kolmogorovSmirnov([5, 5, 5], [5, 5])).toEqual({ d: 0, p: 1, exact: true });
    expect(kolmogorovSmirnov([5, 5, 5], [6, 6])).toEqual({ d: 1, p: 0.1, exact: true });
  });

  it('refuses NaN and nothing', () => {
    expect(() => kolmogorovSmirnov([1, NaN], [1])).toThrow('NaN');
    expect(() => kolmogorovSmirnov([], [1])).toThrow('no samples');
  });
});
