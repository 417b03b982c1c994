/** Statistics that stay exact where values are large and their differences small. */

/** A sum with its rounding errors carried along (Neumaier, 1974). */
export class Sum {
  private sum = 0;
  private lost = 0;

  add(value: number): void {
    const next = this.sum + value;
    this.lost += Math.abs(this.sum) >= Math.abs(value) ? this.sum - next + value : value - next + this.sum;
    this.sum = next;
  }

  get value(): number {
    return this.sum + this.lost;
  }
}

/** The sum of `at(i)` for i in [0, count). */
export function sumOf(count: number, at: (i: number) => number): number {
  const sum = new Sum();
  for (let i = 0; i < count; i++) sum.add(at(i));
  return sum.value;
}

export function meanOf(values: ArrayLike<number>): number {
  const { length } = values;
  const rough = sumOf(length, (i) => values[i]!) / length;
  // What the division left over, as NIST's largest data sets need it.
  return rough + sumOf(length, (i) => values[i]! - rough) / length;
}

/** Standard deviation with n − 1, about `mean` (two passes, corrected: Chan, Golub and LeVeque, 1983). NaN for one value. */
export function sigmaOf(values: ArrayLike<number>, mean = meanOf(values)): number {
  const { length } = values;
  const squares = sumOf(length, (i) => (values[i]! - mean) ** 2);
  const off = sumOf(length, (i) => values[i]! - mean);
  return Math.sqrt(Math.max(0, squares - off ** 2 / length) / (length - 1));
}

/** The middle value; the mean of the two middle ones. NaN of nothing. */
export function medianOf(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Of a normal distribution: σ = 1.4826 × the median absolute deviation. */
export const sigmaPerMad = 1.4826;

/** Median absolute deviation from the median. */
export function madOf(values: ArrayLike<number>, median = medianOf(values)): number {
  return medianOf(Float64Array.from(values, (value) => Math.abs(value - median)));
}

const mostForMedian = 20_000;
const farDifference = 5;

/** How large a difference between samples may be that is no step or spike; Infinity where most samples are the same. */
export function differenceLimit(differences: ArrayLike<number>): number {
  const every = Math.ceil(differences.length / mostForMedian);
  const some = Array.from({ length: Math.ceil(differences.length / every) }, (_, i) =>
    Math.abs(differences[i * every]!),
  );
  const scale = some.length > 0 ? medianOf(some) * sigmaPerMad : 0;
  return scale > 0 ? farDifference * scale : Infinity;
}

/**
 * σ of what changes from one sample to the next: the root mean square of their differences by √2 (von Neumann, 1941).
 * Slow drift cancels out; differences over 5 σ (by their median) are steps and spikes and are left out. `joined[i]` false:
 * sample i does not follow the one before it. NaN where no two follow each other.
 */
export function noiseOf(values: ArrayLike<number>, joined?: ArrayLike<boolean>): number {
  const differences: number[] = [];
  for (let i = 1; i < values.length; i++)
    if (joined?.[i] !== false) differences.push(values[i]! - values[i - 1]!);
  if (differences.length === 0) return NaN;
  const limit = differenceLimit(differences);
  const kept = differences.filter((each) => Math.abs(each) <= limit);
  return Math.sqrt(sumOf(kept.length, (i) => kept[i]! ** 2) / kept.length / 2);
}

/**
 * As `noiseOf`, by third differences (by √20): hardly anything is left of what swings slowly, as a load that settles. NaN
 * for less than four values.
 */
export function fineNoiseOf(values: ArrayLike<number>): number {
  const differences = Float64Array.from(
    { length: Math.max(0, values.length - 3) },
    (_, i) => values[i + 3]! - 3 * values[i + 2]! + 3 * values[i + 1]! - values[i]!,
  );
  const limit = differenceLimit(differences);
  const kept = differences.filter((each) => Math.abs(each) <= limit);
  return Math.sqrt(sumOf(kept.length, (i) => kept[i]! ** 2) / kept.length / 20);
}

export interface Line {
  intercept: number;
  slope: number;
  /** Standard error of the slope; NaN for less than three points. */
  slopeError: number;
  /** Standard deviation of the residuals, n − 2. */
  residual: number;
}

/** The least squares line of y over x. Slope NaN where all x are the same. */
export function lineOf(x: ArrayLike<number>, y: ArrayLike<number>): Line {
  const { length } = x;
  const [mx, my] = [meanOf(x), meanOf(y)];
  const sxx = sumOf(length, (i) => (x[i]! - mx) ** 2);
  const sxy = sumOf(length, (i) => (x[i]! - mx) * (y[i]! - my));
  const slope = sxx > 0 ? sxy / sxx : NaN;
  const squares = sumOf(length, (i) => (y[i]! - my - slope * (x[i]! - mx)) ** 2);
  const residual = length > 2 ? Math.sqrt(squares / (length - 2)) : NaN;
  return { intercept: my - slope * mx, slope, slopeError: residual / Math.sqrt(sxx), residual };
}
