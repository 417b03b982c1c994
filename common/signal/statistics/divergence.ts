import { WarroomError } from '../../lib/errors.ts';

/** Added to each count, so that an empty bin has a finite logarithm (Jeffreys' prior for shares, 1946). */
export const usualSmoothing = 0.5;

/**
 * Population Stability Index: Σ (q − p) · ln(q / p) over bins or categories, p of the baseline, q of now. It is Jeffreys'
 * divergence, in nats. Under no change it is near (1/n + 1/m) · (bins − 1), not zero (Yurdakul and Naranjo, 2020), so that
 * it is to be read together with a permutation test. Conventional: 0.1 moderate, 0.25 major (Siddiqi, 2006).
 */
export function psi(
  baseline: ArrayLike<number>,
  now: ArrayLike<number>,
  smoothing: number = usualSmoothing,
): number {
  return psiParts(baseline, now, smoothing).reduce((sum, part) => sum + part, 0);
}

/** What each bin adds to the index. Throws `bad-input` for other lengths, and for counts that are none. */
export function psiParts(
  baseline: ArrayLike<number>,
  now: ArrayLike<number>,
  smoothing: number = usualSmoothing,
): number[] {
  const [p, q] = bothShares(baseline, now, smoothing);
  return p.map((share, i) => (share === q[i]! ? 0 : (q[i]! - share) * Math.log(q[i]! / share)));
}

/**
 * Jensen–Shannon divergence in bits: 0 where alike, 1 where nothing is shared (Lin, 1991). It needs no smoothing. Its
 * square root is the distance that SciPy's `jensenshannon` gives.
 */
export function jensenShannon(baseline: ArrayLike<number>, now: ArrayLike<number>): number {
  const [p, q] = bothShares(baseline, now, 0);
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    const middle = (p[i]! + q[i]!) / 2;
    if (p[i]! > 0) sum += p[i]! * Math.log2(p[i]! / middle);
    if (q[i]! > 0) sum += q[i]! * Math.log2(q[i]! / middle);
  }
  return Math.max(0, sum / 2);
}

function bothShares(
  baseline: ArrayLike<number>,
  now: ArrayLike<number>,
  smoothing: number,
): [number[], number[]] {
  if (baseline.length !== now.length || baseline.length === 0)
    throw new WarroomError('bad-input', `Counts of ${baseline.length} and of ${now.length} bins.`);
  return [sharesOf(baseline, smoothing), sharesOf(now, smoothing)];
}

/** Shares of a total. Throws `bad-input` for a negative count, for NaN, and for nothing at all. */
function sharesOf(counts: ArrayLike<number>, smoothing: number): number[] {
  let total = smoothing * counts.length;
  for (let i = 0; i < counts.length; i++) {
    if (!(counts[i]! >= 0 && counts[i]! < Infinity))
      throw new WarroomError('bad-input', `${counts[i]} is no count.`);
    total += counts[i]!;
  }
  if (!(total > 0)) throw new WarroomError('bad-input', 'A share of nothing.');
  return Array.from(counts, (count) => (count + smoothing) / total);
}
