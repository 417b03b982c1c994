import type { CellTrack } from './cell-track.ts';

/** A sample that stands alone: its value, time, and what its neighbours say that it should be. */
export interface Isolated {
  value: number;
  expected: number;
  t: number;
  /** How far off, in σ. */
  sigmas: number;
  /** The load rested around it. */
  isAtRest: boolean;
}

const agreement = 7;
const far = 20;

/**
 * Finds samples far off both neighbours, one sample late. At rest the neighbours lie within the noise. While the load moves
 * (only at 80 samples a second, where its ringing is smooth) the cubic through two on each side says what is expected, and
 * the neighbours' spread is allowed besides. The answer is used again by the next call; null: the sample is like its
 * neighbours.
 */
export function createIsolation(track: CellTrack): () => Isolated | null {
  const found: Isolated = { value: 0, expected: 0, t: 0, sigmas: 0, isAtRest: false };
  let foundAt = -1;

  function tell(back: number, expected: number, sigma: number, isAtRest: boolean): Isolated | null {
    const index = track.total - 1 - back;
    if (index === foundAt) return null;
    foundAt = index;
    found.value = track.at(back);
    found.expected = expected;
    found.isAtRest = isAtRest;
    found.t = track.timeAt(back);
    found.sigmas = Math.abs(found.value - expected) / sigma;
    return found;
  }

  return () => {
    const sigma = track.sigma;
    if (track.follow < 5 || !(sigma > 0)) return null;
    const [next, value, before, older] = [track.at(0), track.at(1), track.at(2), track.at(3)];
    const calm = agreement * sigma;
    if (Math.abs(next - before) <= calm && Math.abs(before - older) <= calm) {
      const expected = (next + before) / 2;
      return Math.abs(value - expected) > far * sigma ? tell(1, expected, sigma, true) : null;
    }
    if (!track.isAt80) return null;
    const oldest = track.at(4);
    const expected = (4 * (value + older) - next - oldest) / 6;
    const spread = Math.max(value, older, next, oldest) - Math.min(value, older, next, oldest);
    return Math.abs(before - expected) > far * sigma + spread ? tell(2, expected, sigma, false) : null;
  };
}
