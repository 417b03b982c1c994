import { drawMarked } from './hypergeometric.ts';
import type { Pool } from './kolmogorov.ts';
import { largestGap } from './kolmogorov.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';
import { requireFinite } from './samples.ts';

/** What a statistic does where nothing changed. */
export interface NoChange {
  /** How likely a value as large as the observed one is: (b + 1) / (n + 1) (Phipson and Smyth, 2010), never 0. */
  p: number;
  /** The value that 99 in 100 stay at or below; Infinity for less than 99 permutations, which can't tell it. */
  p99: number;
  permutations: number;
}

export interface PermutationOptions {
  /** 999 unless told: p down to 0.001. */
  permutations?: number;
  seed?: number;
}

export const usualPermutations = 999;
/** Samples moved about in all; more and there are fewer permutations. */
const mostWork = 2_000_000;
const fewestPermutations = 199;

/** Compares the observed value with `permutations` values drawn under no change. */
export function underNoChange(observed: number, permutations: number, draw: () => number): NoChange {
  const drawn = Float64Array.from({ length: permutations }, draw).sort();
  // Sums of the same terms in another order differ in their last digits: they count as reached.
  const reached = observed - Math.abs(observed) * 1e-12;
  const atLeast = drawn.filter((value) => value >= reached).length;
  const rank = Math.ceil(0.99 * (permutations + 1));
  return { p: (atLeast + 1) / (permutations + 1), p99: drawn[rank - 1] ?? Infinity, permutations };
}

/** Permutes which sample each value is of, by their counts per bin: the cost does not grow with the samples. */
export function permuteCounts(
  baseline: readonly number[],
  now: readonly number[],
  statistic: (baseline: number[], now: number[]) => number,
  { permutations = usualPermutations, seed = 1 }: PermutationOptions = {},
): NoChange {
  const random = createRandom(seed);
  const both = baseline.map((count, i) => count + now[i]!);
  const total = both.reduce((sum, count) => sum + count, 0);
  const taken = now.reduce((sum, count) => sum + count, 0);
  return underNoChange(statistic([...baseline], [...now]), permutations, () => {
    const drawn = drawCounts(random, both, total, taken);
    return statistic(
      both.map((count, i) => count - drawn[i]!),
      drawn,
    );
  });
}

function drawCounts(random: Random, both: readonly number[], total: number, taken: number): number[] {
  let [rest, left] = [total, taken];
  return both.map((count) => {
    rest -= count;
    const drawn = drawMarked(random, count, rest, left);
    left -= drawn;
    return drawn;
  });
}

/** As `permuteCounts`, for D of a pool: in one pass each value falls to either sample. Bounded by `mostWork`. */
export function permuteGap(pool: Pool, options: PermutationOptions = {}): NoChange {
  const { length } = pool.ends;
  const random = createRandom(options.seed ?? 1);
  return underNoChange(largestGap(pool), affordable(length, options.permutations), () => {
    let left = pool.first;
    return largestGap(pool, (at) => {
      const isFirst = random() * (length - at) < left;
      if (isFirst) left--;
      return isFirst;
    });
  });
}

/**
 * Permutation test of any statistic of two samples, large where they differ. Bounded by `mostWork`. Throws `bad-input` for
 * NaN, also where the statistic gives it.
 */
export function permutationTest(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  statistic: (a: Float64Array, b: Float64Array) => number,
  options: PermutationOptions = {},
): NoChange & { value: number } {
  const all = Float64Array.from([...Array.from(a), ...Array.from(b)]);
  for (const value of all) requireFinite(value);
  const [first, second] = [all.subarray(0, a.length), all.subarray(a.length)];
  const measure = () => {
    const value = statistic(first, second);
    requireFinite(value);
    return value;
  };
  const value = measure();
  const random = createRandom(options.seed ?? 1);
  return {
    value,
    ...underNoChange(value, affordable(all.length, options.permutations), () => {
      shuffleFirst(random, all, a.length);
      return measure();
    }),
  };
}

/** Puts a random choice of `count` values in front (Fisher and Yates). */
function shuffleFirst(random: Random, values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (values.length - i));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
}

function affordable(length: number, permutations: number = usualPermutations): number {
  return Math.min(permutations, Math.max(fewestPermutations, Math.floor(mostWork / length)));
}
