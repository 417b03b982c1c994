import type { CellTrack } from './cell-track.ts';
import type { Detector } from './types.ts';

/** The window, in seconds and in samples as they should be. */
const least = { seconds: 1.5, samples: 40 };
/** Below this share of what is usual it is named. */
const share = 0.8;

/**
 * Fewer samples than usual, spread over all the time: the firmware does something else in between. Without its longest
 * pause, so that one short gap is none. Before anything was learned, rates that the chip does not have (10 and 80 a second).
 */
export function createHalfRate(track: CellTrack): Detector {
  const intervals = new Float64Array(256);
  const ends = new Float64Array(256);
  let count = 0;

  /** Rate of the last `seconds` without the longest pause, and that pause. */
  function rateWithoutPause(now: number, seconds: number): { rate: number; longest: number } {
    let found = 0;
    let sum = 0;
    let longest = 0;
    for (let i = 0; i < Math.min(count, intervals.length); i++) {
      if (ends[i]! < now - seconds * 1e6) continue;
      found++;
      sum += intervals[i]!;
      longest = Math.max(longest, intervals[i]!);
    }
    return { rate: found < 2 ? NaN : (found - 1) / ((sum - longest) / 1e6), longest };
  }

  return {
    fault: 'half-rate',
    clearAfter: 3,
    sample() {
      if (Number.isNaN(track.interval)) return;
      intervals[count % intervals.length] = track.interval;
      ends[count % ends.length] = track.t;
      count++;
    },
    judge() {
      const { usual } = track.rate;
      const seconds = Math.max(least.seconds, Math.min(6, least.samples / usual));
      const plain = track.rate.over(seconds);
      if (Number.isNaN(plain) || Number.isNaN(usual)) return 'unknown';
      const { rate, longest } = rateWithoutPause(track.t, seconds);
      if (!(rate < share * usual) || !(plain < share * usual)) return 'absent';
      const says = `${plain.toFixed(1)} samples/s where ${usual.toFixed(1)} are usual, with pauses of up to ${Math.round(longest / 1000)} ms`;
      return { from: track.t - seconds * 1e6, confidence: rate < 0.6 * usual ? 0.95 : 0.8, says };
    },
  };
}
