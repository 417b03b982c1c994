/**
 * What the rig's boards print: the lines of real firmware, as a function of the model and of time.
 * Each board is asked for all that it would have printed up to a moment, so a late timer loses nothing.
 */
import { cellConstants, cellCounts, type Line } from './model.ts';

/** A board on a serial line. */
export interface Board {
  /** All lines due until `time` (seconds since start) that were not printed yet. */
  printUntil(time: number): string;
}

/** The HX711's internal oscillator is not exact (SENSORS): a little over the nominal 80 samples/s. */
const cellRate = 80.6;
export const saturated = 8_388_607;

/** An HX711 with CSV firmware: `<counts>,<grams>` 80 times a second. `isSaturated` is asked at each sample. */
export function createCellBoard(
  line: Line,
  seed: number,
  cell: 'a' | 'b',
  isSaturated: () => boolean,
): Board {
  const { offset, scale } = cellConstants[cell];
  let printed = 0;
  return {
    printUntil(time) {
      const lines: string[] = [];
      for (let at = printed / cellRate; at <= time; at = printed / cellRate) {
        const counts = isSaturated() ? saturated : cellCounts(line, seed, cell, printed, at);
        lines.push(`${counts},${((counts - offset) / scale).toFixed(2)}\n`);
        printed++;
      }
      return lines.join('');
    },
  };
}

/** The beam board: `E,<seq>,<t_us>,<0|1>` on each edge, `H,<seq of the last edge>,<t_us>,<0|1>` each second. Active low. */
export function createBeamBoard(line: Line): Board {
  let edges = 0;
  let heartbeats = 0;
  const edgeTime = (index: number) => {
    const part = line.part(index >> 1);
    return index % 2 === 0 ? part.at : part.at + part.width;
  };
  const micros = (seconds: number) => Math.round(seconds * 1e6);
  /** After an odd number of edges the beam is broken: low. */
  const level = () => (edges % 2 === 1 ? 0 : 1);
  return {
    printUntil(time) {
      const lines: string[] = [];
      for (;;) {
        const edge = edgeTime(edges);
        const heartbeat = heartbeats + 1;
        if (Math.min(edge, heartbeat) > time) return lines.join('');
        if (edge <= heartbeat) {
          edges++;
          lines.push(`E,${edges},${micros(edge)},${level()}\n`);
        } else {
          heartbeats++;
          lines.push(`H,${edges},${micros(heartbeat)},${level()}\n`);
        }
      }
    },
  };
}
