import type { CellTrack } from './cell-track.ts';
import { createIsolation } from './isolated.ts';
import { Recent } from './recent.ts';
import { nearness } from './saturated.ts';
import type { Detector } from './types.ts';

const leastBits = 6;
const mostBits = 23;
/** A value is no load's where it is so many σ and so many usual steps off both neighbours. */
const beyond = { sigmas: 100, steps: 2 };

/** The k of 2^k − 1 that `value` is, within `near`; 0 where it is none. */
export function slippedBits(value: number, near: number): number {
  for (let bits = leastBits; bits <= mostBits; bits++)
    if (Math.abs(value - (2 ** bits - 1)) < near) return bits;
  return 0;
}

/**
 * Single samples at exactly 2^k − 1: from one bit on all were read as ones. They stand alone among their neighbours, or are so
 * far off that no load could be there, whether it moves or not.
 */
export function createBitSlip(track: CellTrack): Detector {
  const isolation = createIsolation(track);
  const recent = new Recent(32);
  const last = { value: 0, bits: 0, expected: 0 };
  let noted = NaN;

  function note(t: number, value: number, bits: number, expected: number): void {
    if (t === noted) return;
    noted = t;
    recent.add(t);
    Object.assign(last, { value, bits, expected });
  }

  /** The sample before the last one, where it is beyond any load. */
  function noteBeyond(): void {
    const [next, value, before] = [track.at(0), track.at(1), track.at(2)];
    const far = Math.max(beyond.sigmas * track.sigma, beyond.steps * track.usualStep);
    if (!(Math.abs(value - next) > far) || !(Math.abs(value - before) > far)) return;
    const bits = slippedBits(value, nearness(track));
    if (bits > 0) note(track.timeAt(1), value, bits, (next + before) / 2);
  }

  return {
    fault: 'bit-slip',
    clearAfter: 15,
    sample() {
      if (track.usualStep > 0) noteBeyond();
      const found = isolation();
      if (!found) return;
      const bits = slippedBits(found.value, nearness(track));
      if (bits > 0) note(found.t, found.value, bits, found.expected);
    },
    judge(now) {
      const count = recent.since(now - 10e6);
      if (count === 0) return 'absent';
      const says = `${count} single ${count === 1 ? 'sample' : 'samples'} in 10 s stood at 2^k − 1, the last at ${Math.round(last.value)} (2^${last.bits} − 1) between neighbours of ${Math.round(last.expected)} counts`;
      return { from: recent.firstSince(now - 10e6), confidence: count === 1 ? 0.8 : 0.97, says };
    },
  };
}
