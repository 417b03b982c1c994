import { describe, expect, it } from 'vitest';
import { drawMarked, hypergeometric, logFactorial, roseByChance } from './hypergeometric.ts';
import { createRandom } from './random.ts';

describe('the hypergeometric distribution', () => {
  it('has the chances of SciPy 1.17 `hypergeom.pmf`; 20 animals, 7 dogs, 12 taken is its documentation’s example', () => {
    expect(hypergeometric(4, 7, 13, 12)).toBeCloseTo(0.357_585_139_318_885_1, 12);
    expect(hypergeometric(1500, 3000, 17_000, 10_000)).toBeCloseTo(0.015_799_117_287_243_82, 10);
    expect(hypergeometric(8, 7, 13, 12)).toBe(0);
    expect(hypergeometric(0, 7, 3, 5)).toBe(0);
  });

  it('is drawn with its mean, variance and quantiles (SciPy 1.17)', () => {
    for (const [marked, plain, taken, mean, variance, tenth, ninetieth] of [
      [7, 13, 12, 4.2, 1.149_473_684, 3, 6],
      [3000, 17_000, 10_000, 1500, 637.531_876, 1468, 1532],
    ] as const) {
      const random = createRandom(1);
      const draws = Float64Array.from({ length: 20_000 }, () =>
        drawMarked(random, marked, plain, taken),
      ).sort();
      const found = draws.reduce((sum, draw) => sum + draw) / draws.length;
      const spread = draws.reduce((sum, draw) => sum + (draw - found) ** 2, 0) / draws.length;
      expect(Math.abs(found - mean)).toBeLessThan((4 * Math.sqrt(variance)) / Math.sqrt(draws.length));
      expect(Math.abs(spread / variance - 1)).toBeLessThan(0.05);
      expect(Math.abs(draws[2000]! - tenth)).toBeLessThanOrEqual(1);
      expect(Math.abs(draws[18_000]! - ninetieth)).toBeLessThanOrEqual(1);
    }
  });

  it('draws what there is no choice about', () => {
    const random = createRandom(1);
    expect(drawMarked(random, 0, 5, 3)).toBe(0);
    expect(drawMarked(random, 5, 0, 3)).toBe(3);
    expect(drawMarked(random, 2, 2, 4)).toBe(2);
  });

  it('has factorials on both sides of its table', () => {
    expect(Math.exp(logFactorial(10))).toBeCloseTo(3_628_800, 6);
    // 300!, by SciPy 1.17 `gammaln(301)`.
    expect(logFactorial(300)).toBeCloseTo(1_414.905_849_945_067_8, 9);
  });
});

describe('whether a share rose by chance', () => {
  it('is Fisher’s exact test: both examples in the documentation of R’s `fisher.test`', () => {
    // The lady tasting tea: p = 0.2429.
    expect(roseByChance({ count: 1, of: 4 }, { count: 3, of: 4 })).toBeCloseTo(17 / 70, 12);
    // Criminal convictions of like-sex twins (Fisher, 1970): p = 0.0004652.
    expect(roseByChance({ count: 3, of: 18 }, { count: 10, of: 12 })).toBeCloseTo(
      0.000_465_180_943_362_905,
      12,
    );
  });

  it('is sure of nothing where nothing rose', () => {
    expect(roseByChance({ count: 0, of: 50 }, { count: 0, of: 50 })).toBeCloseTo(1, 12);
    expect(roseByChance({ count: 50, of: 50 }, { count: 50, of: 50 })).toBeCloseTo(1, 12);
    expect(roseByChance({ count: 0, of: 0 }, { count: 5, of: 5 })).toBeCloseTo(1, 12);
    expect(roseByChance({ count: 0, of: 100 }, { count: 1, of: 100 })).toBeCloseTo(0.5, 12);
  });
});
