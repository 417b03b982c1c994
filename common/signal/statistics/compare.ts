import { WarroomError } from '../../lib/errors.ts';
import { jensenShannon, psi, psiParts } from './divergence.ts';
import type { EffectLimits, EffectSize, StatisticName } from './effects.ts';
import { effectLimits, effectSize, statisticTitles } from './effects.ts';
import { largestGap, poolOf } from './kolmogorov.ts';
import type { NoChange } from './permutation.ts';
import { permuteCounts, permuteGap } from './permutation.ts';
import { requireFinite, thinned } from './samples.ts';
import type { Binned, Samples } from './sides.ts';
import { binned, countOf, kindOf, valuesOf } from './sides.ts';

export interface CompareOptions {
  /** `psi` unless told. `ks` is for numbers only and, of a sketch, sees the values that it kept. */
  statistic?: StatisticName;
  /** Samples that each side needs; 200 unless told. */
  floor?: number;
  /** The convention's limits unless a profile has its own. */
  limits?: EffectLimits;
  permutations?: number;
  seed?: number;
}

/** A bin or name, and how its share moved. */
export interface Move {
  label: string;
  baseline: number;
  now: number;
}

export interface Measured extends NoChange {
  value: number;
  size: EffectSize;
  /** What moved most, largest first, three at most; none for `ks`. */
  moves: Move[];
}

export interface Comparison {
  verdict: 'same' | 'shifted' | 'unknown';
  statistic: StatisticName;
  /** Null where the verdict is unknown. */
  measured: Measured | null;
  /** Samples on both sides, and how many each needs. */
  baseline: number;
  now: number;
  floor: number;
  limits: EffectLimits;
  /** The numbers, as a sentence. */
  says: string;
}

/** A share below this can't be told from chance with ten bins: each would hold less than twenty. */
export const usualFloor = 200;
/** Values a side for D, whose cost grows with them: chance alone then stays under 0.033. */
const mostValues = 5_000;
const mostMoves = 3;
const statistics = { psi, js: jensenShannon };

/**
 * Whether samples are as they were. `shifted` needs both: a value over the 99th percentile of what chance gives, and one as
 * large as the convention heeds, since with many samples the smallest difference is no chance, and with few a large one may
 * be. Samples are taken to be independent: give one per part or answer, not one per poll of the same. Rounds nothing: what
 * is only noise in the last digits, round before. Throws `bad-input` for NaN, and where sides are of different kinds.
 */
export function compare(baseline: Samples, now: Samples, options: CompareOptions = {}): Comparison {
  const { statistic = 'psi', floor = usualFloor, limits = effectLimits[statistic] } = options;
  const base = { statistic, baseline: countOf(baseline), now: countOf(now), floor, limits };
  const short = shortOf(base);
  if (short !== '') return { ...base, verdict: 'unknown', measured: null, says: short };
  const measured = measure(baseline, now, limits, { ...options, statistic });
  const shifted = measured.value > measured.p99 && measured.size !== 'none';
  return {
    ...base,
    verdict: shifted ? 'shifted' : 'same',
    measured,
    says: sentence(statistic, measured, limits),
  };
}

function shortOf({ baseline, now, floor }: Pick<Comparison, 'baseline' | 'now' | 'floor'>): string {
  const short: string[] = [];
  // A floor of none would let a statistic of nothing through.
  const least = Math.max(1, floor);
  if (baseline < least) short.push(`the baseline has ${baseline} of ${least} samples`);
  if (now < least) short.push(`there are ${now} of ${least} samples now`);
  const says = short.join(' and ');
  return says === '' ? '' : `${says[0]!.toUpperCase()}${says.slice(1)}.`;
}

function measure(
  baseline: Samples,
  now: Samples,
  limits: EffectLimits,
  options: CompareOptions & { statistic: StatisticName },
): Measured {
  if (options.statistic === 'ks') {
    const pool = poolOf(ordered(baseline), ordered(now));
    const value = largestGap(pool);
    return { value, size: effectSize(value, limits), ...permuteGap(pool, options), moves: [] };
  }
  const sides = binned(baseline, now);
  const statistic = statistics[options.statistic];
  // PSI takes a third argument, so it is not handed on as it is.
  const of = (before: number[], after: number[]) => statistic(before, after);
  const value = of(sides.baseline, sides.now);
  return {
    value,
    size: effectSize(value, limits),
    ...permuteCounts(sides.baseline, sides.now, of, options),
    moves: movesOf(sides),
  };
}

function ordered(samples: Samples): number[] {
  if (kindOf(samples) !== 'numbers')
    throw new WarroomError('bad-input', 'Names have no order: compare their shares.', 'Use psi or js.');
  const values = valuesOf(samples);
  for (let i = 0; i < values.length; i++) requireFinite(values[i]!);
  return thinned(values, mostValues);
}

function movesOf({ labels, baseline, now }: Binned): Move[] {
  const parts = psiParts(baseline, now);
  const total = (counts: number[]) => counts.reduce((sum, count) => sum + count, 0);
  const [before, after] = [total(baseline), total(now)];
  return labels
    .map((label, i) => ({ i, move: { label, baseline: baseline[i]! / before, now: now[i]! / after } }))
    .sort((a, b) => parts[b.i]! - parts[a.i]!)
    .slice(0, mostMoves)
    .map(({ move }) => move);
}

const short = (value: number) => String(Number(value.toPrecision(2)));

function sentence(name: StatisticName, { value, p99, permutations, size }: Measured, limits: EffectLimits) {
  const said = `${statisticTitles[name]} ${short(value)}`;
  const chance = `${short(p99)}, where 99 of 100 of ${permutations} permutations stay`;
  if (value <= p99) return `${said} is within chance: not over ${chance}.`;
  if (size === 'none') return `${said} is no chance (over ${chance}) but small: under ${limits.moderate}.`;
  return `${said} is over ${chance}, and over ${limits[size]}, a ${size} change.`;
}
