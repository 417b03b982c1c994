import { WarroomError } from '../../lib/errors.ts';
import { binCounts, binEdges, binLabel } from './bins.ts';
import type { CategorySketch } from './category-sketch.ts';
import { sketchNames } from './category-sketch.ts';
import type { NumberSketch } from './number-sketch.ts';

/** Numbers, names, or what was kept of them. */
export type Samples = readonly number[] | Float64Array | readonly string[] | NumberSketch | CategorySketch;

/** Two sides counted in the same bins. */
export interface Binned {
  labels: string[];
  baseline: number[];
  now: number[];
}

const isSketch = (samples: Samples): samples is NumberSketch | CategorySketch => 'kind' in samples;

export function countOf(samples: Samples): number {
  if (!isSketch(samples)) return samples.length;
  if (samples.kind === 'numbers') return samples.count;
  return samples.counts.reduce((sum, count) => sum + count, samples.other);
}

/** What a side is of; null where there is no sample to tell. */
export function kindOf(samples: Samples): 'numbers' | 'categories' | null {
  if (isSketch(samples)) return samples.kind;
  if (samples.length === 0) return null;
  return typeof samples[0] === 'string' ? 'categories' : 'numbers';
}

/** Single values: of a sketch, those that it kept. Throws `bad-input` where they are no numbers. */
export function valuesOf(samples: Samples): ArrayLike<number> {
  if (isSketch(samples)) {
    if (samples.kind === 'numbers') return samples.values;
  } else if (kindOf(samples) === 'numbers') return samples as readonly number[];
  throw new WarroomError('bad-input', 'Names have no order: compare their shares.');
}

/** Counts both sides in the baseline's bins. Throws `bad-input` where one is of numbers and the other of names. */
export function binned(baseline: Samples, now: Samples): Binned {
  if (kindOf(baseline) !== kindOf(now))
    throw new WarroomError('bad-input', `A baseline of ${kindOf(baseline)} says nothing of ${kindOf(now)}.`);
  return kindOf(now) === 'numbers' ? binnedNumbers(baseline, now) : binnedNames(baseline, now);
}

function binnedNumbers(baseline: Samples, now: Samples): Binned {
  const sketch = isSketch(baseline) && baseline.kind === 'numbers' ? baseline : null;
  const edges = sketch?.edges ?? binEdges(valuesOf(baseline));
  return {
    labels: Array.from({ length: edges.length + 1 }, (_, bin) => binLabel(edges, bin)),
    baseline: sketch?.counts ?? binCounts(edges, valuesOf(baseline)),
    now: binCounts(edges, valuesOf(now)),
  };
}

/** A name that one side lost among its others can't be told from them: then only the baseline's names are compared. */
function binnedNames(baseline: Samples, now: Samples): Binned {
  const [before, after] = [namesOf(baseline), namesOf(now)];
  const overflow = before.other + after.other > 0;
  const names = [...new Set(overflow ? before.names : [...before.names, ...after.names])];
  const counted = ({ names: own, counts, other }: CategorySketch) => {
    const found = names.map((name) => counts[own.indexOf(name)] ?? 0);
    const total = counts.reduce((sum, count) => sum + count, other);
    return overflow ? [...found, total - found.reduce((sum, count) => sum + count, 0)] : found;
  };
  return {
    labels: overflow ? [...names, 'others'] : names,
    baseline: counted(before),
    now: counted(after),
  };
}

function namesOf(samples: Samples): CategorySketch {
  if (!isSketch(samples)) return sketchNames(samples as readonly string[]);
  if (samples.kind === 'categories') return samples;
  throw new WarroomError('bad-input', 'Numbers are no names.');
}
