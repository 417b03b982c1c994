import type { CompareOptions, Comparison } from './compare.ts';
import { compare } from './compare.ts';
import { holm } from './holm.ts';
import { usualPermutations } from './permutation.ts';
import type { Samples } from './sides.ts';

/** One comparison of several that are made at once. */
export interface Member {
  name: string;
  baseline: Samples;
  now: Samples;
}

export interface FamilyOptions extends CompareOptions {
  /** The chance that any member is called shifted though none is; 0.05 unless told. */
  alpha?: number;
}

/** A comparison, with its p for being one of many; null where it is unknown. */
export type FamilyComparison = Comparison & { name: string; adjustedP: number | null };

/**
 * Compares many at once. A member is `shifted` only if it also holds after Holm's adjustment: of a hundred fields one is
 * over its 99th percentile every time.
 */
export function compareFamily(members: readonly Member[], options: FamilyOptions = {}): FamilyComparison[] {
  const { alpha = 0.05 } = options;
  const permutations = options.permutations ?? permutationsFor(members.length, alpha);
  const made = members.map((member) => compare(member.baseline, member.now, { ...options, permutations }));
  const known = made.flatMap(({ measured }) => (measured ? [measured.p] : []));
  const adjusted = holm(known);
  let at = 0;
  return made.map((comparison, i) => {
    const { name } = members[i]!;
    if (!comparison.measured) return { ...comparison, name, adjustedP: null };
    const adjustedP = adjusted[at++]!;
    if (comparison.verdict !== 'shifted' || adjustedP <= alpha) return { ...comparison, name, adjustedP };
    const says = `${comparison.says} Of ${known.length} compared at once, one such may be chance.`;
    return { ...comparison, verdict: 'same' as const, says, name, adjustedP };
  });
}

/** p of `n` permutations is at least 1 / (n + 1): too few and nothing in a large family could be called shifted. */
function permutationsFor(members: number, alpha: number): number {
  return Math.min(9_999, Math.max(usualPermutations, Math.ceil((2 * members) / alpha) - 1));
}
