import { beamColumn, createLevelReader } from './beam.ts';
import type { Dialect, DialectOptions } from './types.ts';

/** IR break beam that sends its level at each change, as `0` or `1` alone in a line. Stateless. */
export function createBeamLevel(options: DialectOptions = {}): Dialect {
  const levelOf = createLevelReader(options);
  return {
    name: 'beam-level',
    columns: [beamColumn],
    ends: 'line',
    maxLineBytes: 64,
    parse(line, out) {
      const level = levelOf(line[0]);
      if (line.length !== 1 || Number.isNaN(level)) return false;
      out.moment(NaN);
      out.add(0, level);
      return true;
    },
  };
}
