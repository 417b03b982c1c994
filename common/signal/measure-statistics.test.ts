/** Against the certified values of NIST's Statistical Reference Datasets (itl.nist.gov/div898/strd). */
import { describe, expect, it } from 'vitest';
import { fineNoiseOf, lineOf, madOf, meanOf, medianOf, noiseOf, sigmaOf, Sum } from './measure-statistics.ts';

/** `first`, then `pairs` times two values in turn. */
const alternating = (first: number, low: number, high: number, pairs: number) => [
  first,
  ...Array.from({ length: 2 * pairs }, (_, i) => (i % 2 === 0 ? low : high)),
];

/** Michelson's 100 measurements of the speed of light in air, less 299 000 km/s. */
const michelson = [
  850, 740, 900, 1070, 930, 850, 950, 980, 980, 880, 1000, 980, 930, 650, 760, 810, 1000, 1000, 960, 960, 960,
  940, 960, 940, 880, 800, 850, 880, 900, 840, 830, 790, 810, 880, 880, 830, 800, 790, 760, 800, 880, 880,
  880, 860, 720, 720, 620, 860, 970, 950, 880, 910, 850, 870, 840, 840, 850, 840, 840, 840, 890, 810, 810,
  820, 800, 770, 760, 740, 750, 760, 910, 920, 890, 860, 880, 720, 840, 850, 850, 780, 890, 840, 780, 810,
  760, 810, 790, 810, 820, 850, 870, 870, 810, 740, 810, 940, 950, 800, 810, 870,
].map((value) => (299_000 + value) / 1000);

describe('mean and standard deviation', () => {
  // NumAcc4's σ can't be nearer than the data: 10 000 000.1 has an error of 9e-10 in float64.
  it.each([
    { name: 'NumAcc1', values: [10_000_001, 10_000_003, 10_000_002], mean: 10_000_002, sigma: 1, digits: 15 },
    { name: 'NumAcc2', values: alternating(1.2, 1.1, 1.3, 500), mean: 1.2, sigma: 0.1, digits: 14 },
    {
      name: 'NumAcc3',
      values: alternating(1_000_000.2, 1_000_000.1, 1_000_000.3, 500),
      mean: 1_000_000.2,
      sigma: 0.1,
      digits: 9,
    },
    {
      name: 'NumAcc4',
      values: alternating(10_000_000.2, 10_000_000.1, 10_000_000.3, 500),
      mean: 10_000_000.2,
      sigma: 0.1,
      digits: 8,
    },
    { name: 'Michelson', values: michelson, mean: 299.8524, sigma: 0.079_010_547_819_051_8, digits: 13 },
  ])('are those certified of $name', ({ values, mean, sigma, digits }) => {
    expect(Math.abs(meanOf(values) / mean - 1)).toBeLessThan(1e-15);
    expect(-Math.log10(Math.abs(sigmaOf(values) / sigma - 1) || 1e-16)).toBeGreaterThan(digits - 1);
  });

  it('of a mean that is not exact are as of the exact one', () => {
    expect(sigmaOf([1, 2, 3], 1.5)).toBe(1);
  });

  it('sum what a plain sum loses', () => {
    const sum = new Sum();
    for (const value of [1, 1e100, 1, -1e100]) sum.add(value);
    expect(sum.value).toBe(2);
  });
});

describe('the least squares line', () => {
  /** NIST's Norris: y and x of 36 ozone monitors. */
  const norris = [
    [0.1, 0.2],
    [338.8, 337.4],
    [118.1, 118.2],
    [888.0, 884.6],
    [9.2, 10.1],
    [228.1, 226.5],
    [668.5, 666.3],
    [998.5, 996.3],
    [449.1, 448.6],
    [778.9, 777.0],
    [559.2, 558.2],
    [0.3, 0.4],
    [0.1, 0.6],
    [778.1, 775.5],
    [668.8, 666.9],
    [339.3, 338.0],
    [448.9, 447.5],
    [10.8, 11.6],
    [557.7, 556.0],
    [228.3, 228.1],
    [998.0, 995.8],
    [888.8, 887.6],
    [119.6, 120.2],
    [0.3, 0.3],
    [0.6, 0.3],
    [557.6, 556.8],
    [339.3, 339.1],
    [888.0, 887.2],
    [998.5, 999.0],
    [778.9, 779.0],
    [10.2, 11.1],
    [117.6, 118.3],
    [228.9, 229.2],
    [668.4, 669.1],
    [449.2, 448.9],
    [0.2, 0.5],
  ] as const;

  it("is that certified of NIST's Norris, with the standard error of its slope", () => {
    const line = lineOf(
      norris.map(([, x]) => x),
      norris.map(([y]) => y),
    );
    expect(line.slope).toBeCloseTo(1.002_116_818_020_45, 13);
    expect(line.slopeError / 0.429_796_848_199_937e-3).toBeCloseTo(1, 11);
    expect(line.intercept).toBeCloseTo(-0.262_323_073_774_029, 11);
    expect(line.residual).toBeCloseTo(0.884_796_396_144_373, 12);
  });
});

describe('noise', () => {
  it('is the root mean square of the differences by √2', () => {
    // 1, 2, 0, 3: differences 1, −2, 3; mean square 14/3; by 2: 7/3.
    expect(noiseOf([1, 2, 0, 3])).toBeCloseTo(Math.sqrt(7 / 3), 14);
    // Their median 2 · 1.4826 · 5 = 14.8: none of them is far.
  });

  it('leaves drift out', () => {
    // 0, 1, 0, 1 … on a slope of 0.01: differences ±1 + 0.01, mean square 1 + 0.01² + 0.02/n · Σ±1 (an even number: 0).
    const drifting = Array.from({ length: 101 }, (_, i) => (i % 2) + i * 0.01);
    expect(noiseOf(drifting)).toBeCloseTo(Math.sqrt(1.0001 / 2), 12);
    expect(sigmaOf(drifting)).toBeGreaterThan(0.5);
  });

  it('leaves single steps and spikes out, and what lies across a gap', () => {
    const flat = Array.from({ length: 100 }, (_, i) => (i % 2) + (i < 50 ? 0 : 1000));
    expect(noiseOf(flat)).toBeCloseTo(Math.SQRT1_2, 12);
    expect(noiseOf([0, 1, 3, 2], [false, true, false, true])).toBeCloseTo(Math.SQRT1_2, 12);
    expect(noiseOf([5])).toBeNaN();
  });

  it('by third differences has next to nothing of a slow swing', () => {
    // Alternating ±1: third differences ±8, by √20.
    expect(fineNoiseOf(Array.from({ length: 50 }, (_, i) => (i % 2) * 2 - 1))).toBeCloseTo(
      8 / Math.sqrt(20),
      12,
    );
    // 6 Hz of amplitude 100 at 80/s: each difference takes the factor 2 sin(6π/80), its mean square is half: 1.61.
    const swing = Array.from({ length: 80 }, (_, i) => 100 * Math.sin((2 * Math.PI * 6 * i) / 80));
    const left = (100 * (2 * Math.sin((6 * Math.PI) / 80)) ** 3) / Math.sqrt(2 * 20);
    expect(fineNoiseOf(swing) / left).toBeCloseTo(1, 1);
    expect(noiseOf(swing)).toBeGreaterThan(20);
    expect(fineNoiseOf([1, 2, 3])).toBeNaN();
  });

  it('is not nothing where most values are the same', () => {
    // Ten differences of 1 among 99: √(10/99/2).
    const coarse = Array.from({ length: 100 }, (_, i) => Math.floor(i / 9.5));
    expect(noiseOf(coarse)).toBeCloseTo(Math.sqrt(10 / 99 / 2), 12);
  });
});

it('the median of an even number is the mean of the two in the middle', () => {
  expect(medianOf([4, 1, 3, 2])).toBe(2.5);
  expect(medianOf([9, 1, 5])).toBe(5);
  // Deviations from 2: 1, 1, 0, 0, 2, 4, 7.
  expect(madOf([1, 1, 2, 2, 4, 6, 9])).toBe(1);
});
