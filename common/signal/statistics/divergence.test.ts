import { describe, expect, it } from 'vitest';
import { jensenShannon, psi, psiParts } from './divergence.ts';

/** Counts of 1 000 000, so that the half that is added to each does not show. */
const counted = (shares: number[]) => shares.map((share) => share * 1e6);

describe('the population stability index', () => {
  it('is the Kullback–Leibler divergence both ways', () => {
    // SciPy's documentation of `stats.entropy`: entropy([1/2, 1/2], qk=[9/10, 1/10]) = 0.5108256237659907; the other way
    // about SciPy 1.17 gives 0.3680642071684971.
    expect(psi(counted([0.5, 0.5]), counted([0.9, 0.1]))).toBeCloseTo(
      0.510_825_623_765_990_7 + 0.368_064_207_168_497_1,
      5,
    );
    expect(psi([1, 1], [9, 1], 0)).toBeCloseTo(0.878_889_830_934_487_8, 12);
  });

  it('is the sum of both divergences of Kullback’s example (Information Theory and Statistics, 1959, table 2.1)', () => {
    expect(psi([9, 12, 4], [1, 1, 1], 0)).toBeCloseTo(0.085_299_6 + 0.097_455, 6);
  });

  it('has a value for a bin that is empty, growing with the samples that prove it empty', () => {
    // By hand: (10.5/11 − 0.5/11) · ln 21 twice, and the same with 100.
    expect(psi([10, 0], [0, 10])).toBeCloseTo(2 * (10 / 11) * Math.log(21), 12);
    expect(psi([100, 0], [0, 100])).toBeCloseTo(2 * (100 / 101) * Math.log(201), 12);
  });

  it('is 0 of the same, has no direction, and is the sum of its parts', () => {
    expect(psi([3, 4, 5], [3, 4, 5])).toBe(0);
    expect(psi([30, 40, 50], [50, 10, 20])).toBeCloseTo(psi([50, 10, 20], [30, 40, 50]), 14);
    expect(psiParts([30, 40, 50], [50, 10, 20]).reduce((a, b) => a + b)).toBe(
      psi([30, 40, 50], [50, 10, 20]),
    );
  });

  it('refuses what is no count', () => {
    for (const wrong of [[], [NaN, 1], [-1, 2], [Infinity, 1], [1, 2, 3]])
      expect(() => psi([1, 2], wrong)).toThrow(/count|bins/);
    expect(() => psi([0, 0], [0, 0], 0)).toThrow('A share of nothing.');
  });
});

describe('the Jensen–Shannon divergence', () => {
  it('is the square of the distance in the documentation of SciPy’s `jensenshannon`', () => {
    expect(jensenShannon([1, 0, 0], [0, 1, 0])).toBe(1);
    expect(jensenShannon([1, 0, 0], [1, 0, 0])).toBe(0);
    // 0.46450140402245893 there is a distance in nats.
    expect(jensenShannon([1, 0], [0.5, 0.5]) * Math.LN2).toBeCloseTo(0.464_501_404_022_458_93 ** 2, 14);
  });

  it('is what SciPy 1.17 gives for Kullback’s example, in bits', () => {
    expect(jensenShannon([9, 12, 4], [1, 1, 1])).toBeCloseTo(0.032_402_729_261_007_52, 14);
  });

  it('refuses what is no count', () => {
    expect(() => jensenShannon([1], [NaN])).toThrow('NaN is no count.');
    expect(() => jensenShannon([0, 0], [1, 1])).toThrow('A share of nothing.');
  });
});
