import { WarroomError } from '../../lib/errors.ts';

/** Throws `bad-input` for NaN and infinities: a statistic of them would be a number without a meaning. */
export function requireFinite(value: number): void {
  if (!Number.isFinite(value))
    throw new WarroomError(
      'bad-input',
      `A statistic can't be made of ${value}.`,
      'Leave such values out, and say how many there were.',
    );
}

/** A sorted copy. Throws `bad-input` where one is not finite, or where there is none. */
export function sortedSamples(values: ArrayLike<number>): Float64Array {
  if (values.length === 0)
    throw new WarroomError('bad-input', 'A statistic of no samples.', 'Wait for samples.');
  const sorted = Float64Array.from(values);
  for (const value of sorted) requireFinite(value);
  return sorted.sort();
}

/** The value that a share of the sorted ones lies below, between its neighbours in proportion (Hyndman and Fan, type 7). */
export function quantileOf(sorted: ArrayLike<number>, share: number): number {
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low]!;
  const above = sorted[Math.min(low + 1, sorted.length - 1)]!;
  return below + (at - low) * (above - below);
}

/** At most so many, evenly over all of them, so that a cost has a bound. */
export function thinned<Value>(values: ArrayLike<Value>, most: number): Value[] {
  const count = Math.min(values.length, most);
  return Array.from({ length: count }, (_, i) => values[Math.floor((i * values.length) / count)]!);
}
