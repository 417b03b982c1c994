import type { CellTrack } from './cell-track.ts';
import { createIsolation } from './isolated.ts';
import { Recent } from './recent.ts';
import { nearness } from './saturated.ts';
import type { Detector } from './types.ts';

const leastBits = 6;
const mostBits = 23;

/** The k of 2^k − 1 that `value` is, within `near`; 0 where it is none. */
export function slippedBits(value: number, near: number): number {
  for (let bits = leastBits; bits <= mostBits; bits++)
    if (Math.abs(value - (2 ** bits - 1)) < near) return bits;
  return 0;
}

/** Single samples at exactly 2^k − 1, far from both neighbours: from one bit on all were read as ones. */
export function createBitSlip(track: CellTrack): Detector {
  const isolation = createIsolation(track);
  const recent = new Recent(32);
  const last = { value: 0, bits: 0, expected: 0 };
  return {
    fault: 'bit-slip',
    clearAfter: 15,
    sample() {
      const found = isolation();
      if (!found) return;
      const bits = slippedBits(found.value, nearness(track));
      if (bits === 0) return;
      recent.add(found.t);
      Object.assign(last, { value: found.value, bits, expected: found.expected });
    },
    judge(now) {
      const count = recent.since(now - 10e6);
      if (count === 0) return 'absent';
      const says = `${count} single ${count === 1 ? 'sample' : 'samples'} in 10 s stood at 2^k − 1, the last at ${Math.round(last.value)} (2^${last.bits} − 1) between neighbours of ${Math.round(last.expected)} counts`;
      return { from: recent.firstSince(now - 10e6), confidence: count === 1 ? 0.8 : 0.97, says };
    },
  };
}
