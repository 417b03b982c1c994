import { createNumberReader } from './numbers.ts';
import type { Dialect, Reading } from './types.ts';

export interface Hx711CsvOptions {
  /** The firmware's decimal separator. With ',' the columns may be parted by ';' as well. */
  decimal?: '.' | ',';
}

const comma = 44;
const semicolon = 59;
/** The HX711 gives 24-bit two's complement; at either end it is saturated (a reading like any other here). */
const leastCounts = -8_388_608;
const mostCounts = 8_388_607;

/**
 * Load cell over an HX711 with CSV firmware: `<counts>,<grams>`, for example `-123456,12.34`.
 * Stateless. Counts outside 24 bits are refused: no HX711 gives them.
 */
export function createHx711Csv(options: Hx711CsvOptions = {}): Dialect {
  const point = (options.decimal ?? '.').charCodeAt(0);
  const reader = createNumberReader();
  return {
    name: 'hx711-csv',
    columns: [
      { column: 'raw', name: 'Raw', unit: 'counts', kind: 'linear' },
      { column: 'weight', name: 'Weight', unit: 'g', kind: 'linear' },
    ],
    maxLineBytes: 128,
    parse(line): Reading[] | null {
      reader.begin(line);
      reader.skipBlanks();
      const raw = reader.integer();
      // Not `<` and `>`: NaN must fail as well.
      if (!(raw >= leastCounts && raw <= mostCounts)) return null;
      reader.skipBlanks();
      if (!reader.take(comma) && !(point === comma && reader.take(semicolon))) return null;
      reader.skipBlanks();
      const weight = reader.decimal(point);
      reader.skipBlanks();
      if (Number.isNaN(weight) || !reader.isAtEnd()) return null;
      return [
        { column: 'raw', value: raw },
        { column: 'weight', value: weight },
      ];
    },
  };
}
