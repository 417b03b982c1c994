import type { DialectColumn, DialectOptions } from './types.ts';

/** What all break beams have in common. */

export const beamColumn: DialectColumn = {
  column: 'beam',
  name: 'Beam (0 = broken)',
  unit: '',
  kind: 'step',
};

const zero = 48;

/** Reads the level that a line sends as `0` or `1`: 0 for broken, 1 for free, NaN for any other byte. */
export function createLevelReader({
  activeLow = true,
}: DialectOptions): (byte: number | undefined) => number {
  const broken = activeLow ? zero : zero + 1;
  return (byte) => (byte === zero || byte === zero + 1 ? (byte === broken ? 0 : 1) : NaN);
}
