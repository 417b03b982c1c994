import { utf8 } from '../lib/bytes.ts';
import { weightColumn } from './hx711.ts';
import { createKnownRemarks } from './known-remarks.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const lead = utf8('one reading:');
const middle = utf8('| average:');

/** The full example of the HX711 library: `one reading:\t12.3\t| average:\t12.2` (38400). Stateless. */
export function createHx711Average(options: DialectOptions = {}): Dialect {
  const point = (options.decimal ?? '.').charCodeAt(0);
  const reader = createNumberReader();
  const isRemark = createKnownRemarks({
    'HX711 Demo': 'info',
    'Initializing the scale': 'info',
    'Before setting up the scale:': 'info',
    'After setting up the scale:': 'info',
    'Readings:': 'info',
  });
  return {
    name: 'hx711-average',
    columns: [weightColumn, { column: 'average', name: 'Average', unit: 'g', kind: 'linear' }],
    ends: 'line',
    maxLineBytes: 128,
    parse(line, out) {
      reader.begin(line);
      if (!reader.takeAll(lead)) return isRemark(line, out);
      reader.skipBlanks();
      const weight = reader.decimal(point);
      reader.skipBlanks();
      if (Number.isNaN(weight) || !reader.takeAll(middle)) return false;
      reader.skipBlanks();
      const average = reader.decimal(point);
      reader.skipBlanks();
      if (Number.isNaN(average) || !reader.isAtEnd()) return false;
      out.moment(NaN);
      out.add(0, weight);
      out.add(1, average);
      return true;
    },
  };
}
