import { leastCounts, mostCounts } from '../../wire/hx711.ts';
import type { CellTrack } from './cell-track.ts';
import { nearness } from './saturated.ts';
import type { Detector } from './types.ts';

const leastSeconds = 1;
/** Runs this long count for what is usual; longer ones are perhaps the fault. */
const countedRun = 10;
/** Samples after which the share is halved, so that it follows. */
const remembered = 2048;
const doubt = { equal: 9, of: 10 };

/**
 * Flat at any other value for a second: noise of 20 counts and more never repeats itself so often. Where the last printed digit is
 * coarse beside the noise, equal values are usual: then the run must be so long that its chance is below e^−21, with
 * p² = the share of equal neighbours.
 */
export function createReplayed(track: CellTrack): Detector {
  let equal = 0;
  let seen = 0;
  /** Share of equal neighbours. A coarse digit may hide the noise: until that is known, it is taken to. */
  const equalShare = () =>
    track.isCounts ? equal / Math.max(seen, 1) : (equal + doubt.equal) / (seen + doubt.of);
  const isElsewhere = (v: number, near: number) =>
    v < mostCounts - near &&
    v > leastCounts + near &&
    (!track.isCounts || Math.min(Math.abs(v), Math.abs(v + 1)) > near);
  const samplesNeeded = () => {
    const chance = Math.sqrt(Math.min(0.95, Math.max(equalShare(), 0.0025)));
    return Math.max(4, 21 / -Math.log(chance));
  };
  return {
    fault: 'replayed',
    clearAfter: 10,
    sample() {
      if (track.run > countedRun) return;
      if (track.run > 1) equal++;
      if (++seen < remembered) return;
      equal /= 2;
      seen /= 2;
    },
    judge() {
      const { run, runFrom, t, v } = track;
      const seconds = (t - runFrom) / 1e6;
      // The time that the run's last value stands counts too.
      if (seconds + track.period < leastSeconds || run < samplesNeeded()) return 'absent';
      if (!isElsewhere(v, nearness(track))) return 'absent';
      const unit = track.isCounts ? 'counts' : 'g';
      const says = `${run} samples in a row over ${seconds.toFixed(1)} s are all ${Number(v.toFixed(2))} ${unit}, without any noise`;
      return { from: runFrom, confidence: 0.95, says };
    },
  };
}
