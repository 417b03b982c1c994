import { utf8 } from '../lib/bytes.ts';
import { weightColumn } from './hx711.ts';
import { createKnownRemarks } from './known-remarks.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const lead = utf8('Load_cell output val: ');

/**
 * The examples of HX711_ADC: `Load_cell output val: 12.34`, and what they say at start and at a tare (57600). The library
 * counts offset-binary inside, but prints what is left after tare and calibration. Stateless.
 */
export function createHx711Loadcell(options: DialectOptions = {}): Dialect {
  const point = (options.decimal ?? '.').charCodeAt(0);
  const reader = createNumberReader();
  const isRemark = createKnownRemarks({
    'Starting...': 'info',
    'Startup is complete': 'info',
    'Tare complete': 'info',
    'Timeout, check MCU>HX711 wiring and pin designations': 'error',
  });
  return {
    name: 'hx711-loadcell',
    columns: [weightColumn],
    ends: 'line',
    maxLineBytes: 128,
    parse(line, out) {
      reader.begin(line);
      if (!reader.takeAll(lead)) return isRemark(line, out);
      const weight = reader.decimal(point);
      reader.skipBlanks();
      if (Number.isNaN(weight) || !reader.isAtEnd()) return false;
      out.moment(NaN);
      out.add(0, weight);
      return true;
    },
  };
}
