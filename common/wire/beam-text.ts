import { utf8 } from '../lib/bytes.ts';
import { beamColumn } from './beam.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect } from './types.ts';

const words = [utf8('Broken'), utf8('Unbroken')];

/** IR break beam that says `Broken` or `Unbroken` at each change. Stateless. */
export function createBeamText(): Dialect {
  const reader = createNumberReader();
  return {
    name: 'beam-text',
    columns: [beamColumn],
    ends: 'line',
    maxLineBytes: 64,
    parse(line, out) {
      reader.begin(line);
      const level = words.findIndex((word) => reader.takeAll(word));
      reader.skipBlanks();
      if (level < 0 || !reader.isAtEnd()) return false;
      out.moment(NaN);
      out.add(0, level);
      return true;
    },
  };
}
