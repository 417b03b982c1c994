/**
 * What the rig's boards print: the lines of real firmware, from what its sensors measure.
 * Each board is asked for all that it would have printed up to a moment, so a late timer loses nothing.
 */
import type { BeamSignal } from './signal/beam-signal.ts';
import type { CellSignal } from './signal/cell-signal.ts';

/** A board on a serial line. */
export interface Board {
  /** All lines due until `time` (seconds since start) that were not printed yet. */
  printUntil(time: number): string;
}

/** An HX711 with CSV firmware: `<counts>,<grams>` 80 times a second. */
export function createCellBoard(signal: CellSignal): Board {
  return {
    printUntil(time) {
      const lines: string[] = [];
      for (let sample = signal.next(time); sample; sample = signal.next(time))
        lines.push(`${sample.raw},${sample.weight.toFixed(2)}\n`);
      return lines.join('');
    },
  };
}

/** The beam board: `E,<seq>,<t_us>,<0|1>` on each edge, `H,<seq of the last edge>,<t_us>,<0|1>` each second. Active low. */
export function createBeamBoard(signal: BeamSignal): Board {
  const micros = (seconds: number) => Math.round(seconds * 1e6);
  return {
    printUntil: (time) =>
      signal
        .until(time)
        .map(({ kind, seq, t, level }) => `${kind === 'edge' ? 'E' : 'H'},${seq},${micros(t)},${level}\n`)
        .join(''),
  };
}
