import { utf8 } from '../lib/bytes.ts';
import { isCounts, rawColumn, zeroOf } from './hx711.ts';
import { createKnownRemarks } from './known-remarks.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const lead = utf8('HX711 reading: ');

/** The basic example of the HX711 library: `HX711 reading: -123456`, and `HX711 not found.` (57600). Stateless. */
export function createHx711Reading(options: DialectOptions = {}): Dialect {
  const zero = zeroOf(options);
  const reader = createNumberReader();
  const isRemark = createKnownRemarks({ 'HX711 not found.': 'error' });
  return {
    name: 'hx711-reading',
    columns: [rawColumn],
    ends: 'line',
    maxLineBytes: 128,
    parse(line, out) {
      reader.begin(line);
      if (!reader.takeAll(lead)) return isRemark(line, out);
      const raw = reader.integer() - zero;
      reader.skipBlanks();
      if (!isCounts(raw) || !reader.isAtEnd()) return false;
      out.moment(NaN);
      out.add(0, raw);
      return true;
    },
  };
}
