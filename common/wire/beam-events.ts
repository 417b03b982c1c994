import { beamColumn, createLevelReader } from './beam.ts';
import { createEdgeSequence } from './edge-sequence.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const comma = 44;
const edgeMark = 69; // E
const heartbeatMark = 72; // H

/**
 * IR break beam with our own firmware: `E,<seq>,<t_us>,<0|1>` on each edge and `H,<seq of the last edge>,<t_us>,<0|1>`
 * each second, so that stuck can be told from idle. A heartbeat is a sample as well: it holds the level. `takeLost`
 * counts edges that never came.
 */
export function createBeamEvents(options: DialectOptions = {}): Dialect {
  const levelOf = createLevelReader(options);
  const reader = createNumberReader();
  const sequence = createEdgeSequence();
  return {
    name: 'beam-events',
    columns: [beamColumn],
    ends: 'line',
    maxLineBytes: 64,
    parse(line, out) {
      const mark = line[0];
      if ((mark !== edgeMark && mark !== heartbeatMark) || line[1] !== comma) return false;
      reader.begin(line);
      reader.at = 2;
      const seq = reader.integer();
      if (!(seq >= 0) || !reader.take(comma)) return false;
      const time = reader.integer();
      if (!(time >= 0) || !reader.take(comma)) return false;
      const level = levelOf(line[reader.at]);
      if (Number.isNaN(level) || reader.at + 1 !== line.length) return false;
      out.moment(sequence.follow(mark === edgeMark, seq, time));
      out.add(0, level);
      return true;
    },
    takeLost: sequence.takeLost,
  };
}
