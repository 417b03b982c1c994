import { sortedSamples } from './samples.ts';

export interface KolmogorovSmirnov {
  /** The largest difference between the two shares of values up to any point, in [0, 1]. */
  d: number;
  /** How likely so large a difference is without a change. */
  p: number;
  /** Counted out, ties heeded; else from the limiting distribution, which with ties is too large. */
  exact: boolean;
}

/** Both samples in one row, sorted. `ends[i]` is 1 where the next value is another: only there may shares be compared. */
export interface Pool {
  ofFirst: Uint8Array;
  ends: Uint8Array;
  first: number;
  second: number;
}

/** R's `ks.test` counts out below so many pairs. */
const exactBelow = 10_000;

/** Two samples, two-sided (Smirnov, 1939). Throws `bad-input` for NaN and for no samples. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): KolmogorovSmirnov {
  const pool = poolOf(a, b);
  const d = largestGap(pool);
  const { first, second } = pool;
  if (first * second < exactBelow) return { d, p: exactTail(pool, d), exact: true };
  return { d, p: kolmogorovTail(d * Math.sqrt((first * second) / (first + second))), exact: false };
}

/** Merges two samples. Throws as `kolmogorovSmirnov`. */
export function poolOf(a: ArrayLike<number>, b: ArrayLike<number>): Pool {
  const [x, y] = [sortedSamples(a), sortedSamples(b)];
  const length = x.length + y.length;
  const values = new Float64Array(length);
  const ofFirst = new Uint8Array(length);
  for (let i = 0, j = 0; i + j < length;) {
    const fromFirst = j === y.length || (i < x.length && x[i]! <= y[j]!);
    ofFirst[i + j] = fromFirst ? 1 : 0;
    values[i + j] = fromFirst ? x[i]! : y[j]!;
    if (fromFirst) i++;
    else j++;
  }
  const ends = Uint8Array.from(values, (value, at) =>
    at === length - 1 || value !== values[at + 1] ? 1 : 0,
  );
  return { ofFirst, ends, first: x.length, second: y.length };
}

/** D of a pool; or of it parted anew, `isFirst` called once for each place in turn. */
export function largestGap(
  { ofFirst, ends, first, second }: Pool,
  isFirst: (at: number) => boolean = (at) => ofFirst[at] === 1,
): number {
  const { length } = ends;
  let [seen, gap] = [0, 0];
  for (let at = 0; at < length; at++) {
    if (isFirst(at)) seen++;
    if (ends[at] !== 1) continue;
    // In whole numbers, so that the same D is the same double.
    const difference = Math.abs(seen * length - (at + 1) * first);
    if (difference > gap) gap = difference;
  }
  return gap / (first * second);
}

/**
 * The share of all ways to part the pool whose difference reaches d: lattice paths that touch the border, one row at a
 * time as shares of the paths to a point (Hodges, 1958; with ties Schröer and Trenkler, 1995).
 */
function exactTail({ ends, first, second }: Pool, d: number): number {
  const reached = d * (1 - 1e-12);
  const outside = (i: number, j: number) =>
    i + j > 0 && ends[i + j - 1] === 1 && Math.abs(i / first - j / second) >= reached;
  const share = new Float64Array(second + 1);
  for (let i = 0; i <= first; i++)
    for (let j = 0; j <= second; j++) {
      if (outside(i, j)) share[j] = 1;
      else if (i + j === 0) share[j] = 0;
      else share[j] = ((j > 0 ? j * share[j - 1]! : 0) + (i > 0 ? i * share[j]! : 0)) / (i + j);
    }
  return Math.min(1, share[second]!);
}

/** P(K ≥ x) of Kolmogorov's distribution (1933): 2 Σ (−1)^(k−1) e^(−2k²x²), or Jacobi's form of it where that is slow. */
export function kolmogorovTail(x: number): number {
  if (x <= 0) return 1;
  if (x < 1) {
    let below = 0;
    for (let k = 1; k < 20; k += 2) below += Math.exp(-((k * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * below;
  }
  let tail = 0;
  for (let k = 1; k < 20; k++) tail += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * x * x);
  return tail;
}
