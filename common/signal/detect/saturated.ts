import { leastCounts, mostCounts } from '../../wire/hx711.ts';
import type { CellTrack } from './cell-track.ts';
import { Recent } from './recent.ts';
import type { Detector } from './types.ts';

/** How near a value in counts must come to be a given one: exactly, or to the last digit where grams are printed. */
export const nearness = (track: CellTrack) =>
  track.resolution <= 1 ? 0.5 : Math.min(track.resolution, 500) + 1;

/** At an end of the 24 bits, at least two samples in a row (one alone is a bit slip), three times within a second. */
export function createSaturated(track: CellTrack): Detector {
  const recent = new Recent(256);
  let value = 0;
  let wasAtEnd = false;
  return {
    fault: 'saturated',
    clearAfter: 8,
    sample() {
      const { v, t } = track;
      const near = nearness(track);
      const isAtEnd = v >= mostCounts - near || v <= leastCounts + near;
      if (isAtEnd && wasAtEnd) recent.add(t);
      if (isAtEnd) value = v > 0 ? mostCounts : leastCounts;
      wasAtEnd = isAtEnd;
    },
    judge(now) {
      const count = recent.since(now - 1e6);
      if (count < (track.isAt80 ? 3 : 2)) return 'absent';
      const from = recent.firstSince(now - 1e6) - track.period * 1e6;
      const says = `${count + 1} samples within a second stand at ${value} counts, an end of the chip’s range`;
      return { from, confidence: Math.min(0.99, 0.9 + count / 100), says };
    },
  };
}
