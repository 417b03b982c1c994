import { requireFinite, sortedSamples } from './samples.ts';

/** Siddiqi (Credit Risk Scorecards, 2006) and most after him take ten. */
export const usualBins = 10;
/** Less than so many of the baseline in a bin and its share is mostly chance. */
const fewestPerBin = 20;

/**
 * Edges that cut the baseline into bins of equal shares: a value belongs to the bin whose number is how many edges are at
 * or below it, so there is one bin more than edges and the outer two are open. A value that fills a bin by itself (a
 * constant, a clipped score) has its own, for what moves away from it to be seen on either side.
 * Throws `bad-input` for no samples and for NaN.
 */
export function binEdges(baseline: ArrayLike<number>, bins: number = usualBins): number[] {
  const sorted = sortedSamples(baseline);
  const { length } = sorted;
  const count = Math.max(2, Math.min(bins, Math.floor(length / fewestPerBin)));
  const edges = new Set<number>();
  for (let k = 1; k < count; k++) {
    const cut = sorted[Math.floor((k * length) / count)]!;
    edges.add(cut);
    if (fills(sorted, cut, length / count)) edges.add(nextAbove(cut));
  }
  return [...edges].sort((a, b) => a - b);
}

function fills(sorted: Float64Array, value: number, least: number): boolean {
  return edgesUpTo(sorted, value) - edgesUpTo(sorted, nextBelow(value)) >= least;
}

/** How many of the sorted edges are at or below the value: the number of its bin. */
export function edgesUpTo(edges: ArrayLike<number>, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many values are in each bin. Throws `bad-input` for NaN. */
export function binCounts(edges: ArrayLike<number>, values: ArrayLike<number>): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (let i = 0; i < values.length; i++) {
    requireFinite(values[i]!);
    counts[edgesUpTo(edges, values[i]!)]!++;
  }
  return counts;
}

/** Bin `bin` in words, as `0.5 … 0.7`. */
export function binLabel(edges: readonly number[], bin: number): string {
  const write = (value: number) => String(Number(value.toPrecision(4)));
  const [low, high] = [edges[bin - 1], edges[bin]];
  if (low === undefined) return high === undefined ? 'any' : `below ${write(high)}`;
  if (high === undefined) return `from ${write(low)}`;
  return write(low) === write(high) ? write(low) : `${write(low)} … ${write(high)}`;
}

const number = new Float64Array(1);
const bits = new BigInt64Array(number.buffer);

/** The next double above a finite one. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  number[0] = value;
  bits[0]! += value > 0 ? 1n : -1n;
  return number[0];
}

const nextBelow = (value: number) => -nextAbove(-value);
