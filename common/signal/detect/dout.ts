import type { CellTrack } from './cell-track.ts';
import { nearness } from './saturated.ts';
import type { Detector } from './types.ts';

const least = { seconds: 0.3, samples: 3 };

/**
 * Flat at −1 (all bits high) or 0 (all bits low). A bridge gives neither for three samples: its noise is 20 counts and more.
 * Where grams are printed the two are one value; then it is called low, with half the confidence.
 */
function createDout(track: CellTrack, fault: 'dout-high' | 'dout-low', value: number): Detector {
  const other = value === 0 ? -1 : 0;
  return {
    fault,
    clearAfter: 8,
    judge() {
      const { run, runFrom, t, v } = track;
      const near = nearness(track);
      const seconds = (t - runFrom) / 1e6;
      if (run < least.samples || seconds < least.seconds || Math.abs(v - value) > near) return 'absent';
      const isEither = Math.abs(v - other) <= near;
      if (isEither && fault === 'dout-high') return 'absent';
      const what = isEither ? '0 or −1 counts (grams don’t tell which)' : `${value} counts`;
      const says = `${run} samples in a row over ${seconds.toFixed(1)} s are ${what}`;
      return { from: runFrom, confidence: isEither ? 0.5 : 0.97, says };
    },
  };
}

export const createDoutHigh = (track: CellTrack) => createDout(track, 'dout-high', -1);
export const createDoutLow = (track: CellTrack) => createDout(track, 'dout-low', 0);
