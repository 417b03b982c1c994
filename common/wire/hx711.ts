import type { DialectColumn, DialectOptions } from './types.ts';

/** What all load cells over an HX711 have in common. */

export const rawColumn: DialectColumn = { column: 'raw', name: 'Raw', unit: 'counts', kind: 'linear' };
export const weightColumn: DialectColumn = { column: 'weight', name: 'Weight', unit: 'g', kind: 'linear' };

/** The chip gives 24-bit two's complement; at either end it is saturated (a reading like any other here). */
export const leastCounts = -8_388_608;
export const mostCounts = 8_388_607;

/** What to take from a printed raw value so that no load on an ideal bridge is 0. */
export const zeroOf = ({ offsetBinary = false }: DialectOptions) => (offsetBinary ? -leastCounts : 0);

/** Whether an HX711 can give it; NaN is none. */
export const isCounts = (value: number) => value >= leastCounts && value <= mostCounts;
