import { utf8 } from '../lib/bytes.ts';
import { isCounts, rawColumn, weightColumn, zeroOf } from './hx711.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const lead = utf8('W:');
const middle = utf8(',raw:');

/** Load cell over an HX711 with labelled values: `W:123.4,raw:456789`. Stateless. */
export function createHx711WeightRaw(options: DialectOptions = {}): Dialect {
  const point = (options.decimal ?? '.').charCodeAt(0);
  const zero = zeroOf(options);
  const reader = createNumberReader();
  return {
    name: 'hx711-weight-raw',
    columns: [rawColumn, weightColumn],
    ends: 'line',
    maxLineBytes: 128,
    parse(line, out) {
      reader.begin(line);
      if (!reader.takeAll(lead)) return false;
      const weight = reader.decimal(point);
      if (Number.isNaN(weight) || !reader.takeAll(middle)) return false;
      const raw = reader.integer() - zero;
      reader.skipBlanks();
      if (!isCounts(raw) || !reader.isAtEnd()) return false;
      out.moment(NaN);
      out.add(0, raw);
      out.add(1, weight);
      return true;
    },
  };
}
