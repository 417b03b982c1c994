import { isCounts, rawColumn, weightColumn, zeroOf } from './hx711.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const comma = 44;
const semicolon = 59;

/**
 * Load cell over an HX711 with CSV firmware: `<counts>,<grams>`, for example `-123456,12.34`. With ',' as the decimal
 * separator the columns may be parted by ';' as well. Stateless. Counts outside 24 bits are refused: no HX711 gives them.
 */
export function createHx711Csv(options: DialectOptions = {}): Dialect {
  const point = (options.decimal ?? '.').charCodeAt(0);
  const zero = zeroOf(options);
  const reader = createNumberReader();
  return {
    name: 'hx711-csv',
    columns: [rawColumn, weightColumn],
    ends: 'line',
    maxLineBytes: 128,
    parse(line, out) {
      reader.begin(line);
      reader.skipBlanks();
      const raw = reader.integer() - zero;
      if (!isCounts(raw)) return false;
      reader.skipBlanks();
      if (!reader.take(comma) && !(point === comma && reader.take(semicolon))) return false;
      reader.skipBlanks();
      const weight = reader.decimal(point);
      reader.skipBlanks();
      if (Number.isNaN(weight) || !reader.isAtEnd()) return false;
      out.moment(NaN);
      out.add(0, raw);
      out.add(1, weight);
      return true;
    },
  };
}
