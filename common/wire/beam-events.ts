import { beamColumn, createLevelReader } from './beam.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const comma = 44;
const edgeMark = 69; // E
const heartbeatMark = 72; // H
/** `micros()` of most boards has 32 bits: it starts again after 71.6 minutes. */
const wrap = 2 ** 32;

/**
 * IR break beam with our own firmware: `E,<seq>,<t_us>,<0|1>` on each edge and `H,<seq of the last edge>,<t_us>,<0|1>`
 * each second, so that stuck can be told from idle. A heartbeat is a sample as well: it holds the level. Keeps the last
 * number and time, to see edges that never came.
 */
export function createBeamEvents(options: DialectOptions = {}): Dialect {
  const levelOf = createLevelReader(options);
  const reader = createNumberReader();
  let lastSeq = -1;
  let lastTime = 0;
  let wraps = 0;
  let lost = 0;

  function follow(isEdge: boolean, seq: number, time: number): void {
    if (lastSeq >= 0 && seq >= lastSeq) {
      if (lastTime - time > wrap / 2) wraps++;
      lost += isEdge ? Math.max(0, seq - lastSeq - 1) : seq - lastSeq;
    } else {
      // The first line, or the board started again: how many edges that cost nobody knows.
      wraps = 0;
    }
    lastSeq = seq;
    lastTime = time;
  }

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
      follow(mark === edgeMark, seq, time);
      out.moment(time + wraps * wrap);
      out.add(0, level);
      return true;
    },
    takeLost() {
      const count = lost;
      lost = 0;
      return count;
    },
  };
}
