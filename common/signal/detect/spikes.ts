import { slippedBits } from './bit-slip.ts';
import type { CellTrack } from './cell-track.ts';
import { gainRatio } from './gain-lost.ts';
import { isJoined } from './joined-lines.ts';
import { createIsolation } from './isolated.ts';
import { Recent } from './recent.ts';
import { nearness } from './saturated.ts';
import type { Detector } from './types.ts';

/** Single samples far off neighbours that agree, at no value that another fault would give. */
export function createSpikes(track: CellTrack): Detector {
  const isolation = createIsolation(track);
  const recent = new Recent(64);
  let largest = 0;
  return {
    fault: 'spikes',
    clearAfter: 15,
    sample() {
      const found = isolation();
      if (!found) return;
      // Of two joined lines the second one may be where the load went in between.
      const near = 20 * track.sigma + 0.5 * (found.high - found.low);
      const isOther =
        track.isCounts &&
        (slippedBits(found.value, nearness(track)) > 0 ||
          gainRatio(found.value, found.expected, track.sigma) !== 1);
      if (isOther || isJoined(found.value, found.low - near, found.high + near)) return;
      recent.add(found.t);
      largest = found.value - found.expected;
    },
    judge(now) {
      const count = recent.since(now - 10e6);
      if (count === 0) return 'absent';
      const unit = track.isCounts ? 'counts' : 'g';
      const says = `${count} isolated ${count === 1 ? 'sample' : 'samples'} in 10 s, the last ${Number(largest.toFixed(1))} ${unit} off its neighbours (${Math.round(Math.abs(largest) / track.sigma)} σ)`;
      return { from: recent.firstSince(now - 10e6), confidence: Math.min(0.97, 0.6 + count / 20), says };
    },
  };
}
