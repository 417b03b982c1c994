import type { CellTrack } from './cell-track.ts';
import type { Detector } from './types.ts';

/** Seconds that are looked at. At 10/s they are 20 samples: of which 16 and more come where nothing is wrong. */
const looked = { at80: 1.5, at10: 2 };
/** Below this share of what is usual it is named. */
const share = 0.8;
/** Samples that a line which was not understood stands for: one that was cut takes the next with it. */
const perSpoiled = 2;
/** A longer silence is none of a firmware that blocks. */
const longestPause = 1.5e6;
const kept = 256;

/**
 * Fewer samples than usual, spread over all the time: the firmware does something else in between. Without the longest
 * pause, so that one gap of the link is none; lines that came and were not understood count as well. Before anything was
 * learned, nothing is known.
 */
export function createHalfRate(track: CellTrack): Detector {
  const times = new Float64Array(kept);
  const spoils = new Float64Array(64);
  let count = 0;
  let spoilCount = 0;
  let spoiled = 0;
  const timeOf = (back: number) => times[(count - 1 - back) % kept]!;

  function noteSpoiled(): void {
    for (; spoiled < track.spoiled; spoiled++) spoils[spoilCount++ % spoils.length] = track.spoiledAt;
  }

  /**
   * Samples a second, with the lines that were spoiled, of the last `seconds` without their longest pause: so much further back
   * is looked for it. NaN where there was no sample so long ago.
   */
  function rateOver(seconds: number): { rate: number; longest: number } {
    let found = 0;
    let longest = 0;
    const most = Math.min(count, kept) - 1;
    for (let back = 0; back < most; back++) {
      found++;
      longest = Math.max(longest, timeOf(back) - timeOf(back + 1));
      const looked = track.t - timeOf(back + 1) - longest;
      if (looked < seconds * 1e6) continue;
      for (let i = 0; i < Math.min(spoilCount, spoils.length); i++)
        if (spoils[i]! > timeOf(back + 1)) found += perSpoiled;
      return { rate: (found - 1) / (looked / 1e6), longest };
    }
    return { rate: NaN, longest };
  }

  return {
    fault: 'half-rate',
    clearAfter: 3,
    sample() {
      noteSpoiled();
      times[count++ % kept] = track.t;
    },
    judge(now) {
      noteSpoiled();
      const { usual } = track.rate;
      const seconds = track.isAt80 ? looked.at80 : looked.at10;
      if (Number.isNaN(usual) || now - track.t > longestPause) return 'unknown';
      const { rate, longest } = rateOver(seconds);
      if (Number.isNaN(rate) || longest > longestPause) return 'unknown';
      if (!(rate < share * usual)) return 'absent';
      const says = `${rate.toFixed(1)} samples/s where ${usual.toFixed(1)} are usual, with pauses of up to ${Math.round(longest / 1000)} ms`;
      return { from: track.t - seconds * 1e6 - longest, confidence: rate < 0.6 * usual ? 0.95 : 0.8, says };
    },
  };
}
