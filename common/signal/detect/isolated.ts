import type { CellTrack } from './cell-track.ts';

/** A sample that stands alone: its value, time, and what its neighbours say that it should be. */
export interface Isolated {
  value: number;
  expected: number;
  t: number;
  /** How far off, in σ. */
  sigmas: number;
  /** Between what its neighbours lie. */
  low: number;
  high: number;
}

/**
 * At 10/s: how near the two neighbours on each side must lie to each other at rest, and how far off the sample is. In σ. One on
 * one side would not do: of what rings at 6 Hz every second sample or so may stand out alone.
 */
const atRest = { agreement: 7, far: 20 };
/**
 * At 80/s: so many σ and so many usual residuals off. What the other samples leave, once this one is put right, is less than
 * so many σ or that share of it: a line that is missing leaves a quarter, mains a third.
 */
const smooth = { far: 25, residuals: 6, rest: 4, share: 0.13 };
/**
 * Where the neighbours differ by so many σ the load moves. Then a line that nobody saw lost, where the movement turns, looks the
 * same: the sample must be further off, and so many times as far as the neighbours bend; none may be known or seen to be
 * missing, by a pause of so many intervals or a rate below that share of the usual one.
 */
const moving = { spread: 40, far: 35, bends: 2, pause: 2.5, whole: 0.95 };
/** Newer samples that are waited for. */
const late = 5;

/**
 * Finds samples far off their neighbours. At 80 samples a second also while the load moves, since its ringing is smooth: the
 * quintic through three on each side says what is expected, and the sample stands alone if all of its neighbours fit theirs
 * once it is put right. Kinks, missing lines, mains and vibration don't: there no single sample is to blame. How well the
 * quintic does otherwise is followed, so that stronger noise is no row of spikes. At 10 a second only at rest, between
 * neighbours within the noise. The answer is used again by the next call; null: the sample is like its neighbours.
 */
export function createIsolation(track: CellTrack): () => Isolated | null {
  const found: Isolated = { value: 0, expected: 0, t: 0, sigmas: 0, low: 0, high: 0 };
  let usual = 0;

  function tell(back: number, off: number, sigma: number): Isolated {
    found.low = Infinity;
    found.high = -Infinity;
    for (let other = 0; other <= 2 * back; other++) {
      if (other === back) continue;
      found.low = Math.min(found.low, track.at(other));
      found.high = Math.max(found.high, track.at(other));
    }
    found.value = track.at(back);
    found.expected = found.value - off;
    found.t = track.timeAt(back);
    found.sigmas = Math.abs(off) / sigma;
    return found;
  }

  /** How far the sample is from the quintic through the three on each side. */
  function residual(back: number): number {
    const near = track.at(back + 1) + track.at(back - 1);
    const middle = track.at(back + 2) + track.at(back - 2);
    const far = track.at(back + 3) + track.at(back - 3);
    return track.at(back) - (15 * near - 6 * middle + far) / 20;
  }

  function whereSmooth(sigma: number): Isolated | null {
    const off = residual(late);
    if (Number.isNaN(off)) return null;
    const size = Math.abs(off);
    const limit = smooth.far * sigma + smooth.residuals * usual;
    usual += (Math.min(size, 3 * (usual + sigma)) - usual) / 8;
    if (size < limit) return null;
    const rest = Math.max(smooth.rest * sigma, smooth.share * size);
    for (const side of [1, -1]) {
      // Shares of its error that their own expectations have.
      if (Math.abs(residual(late + side) + 0.75 * off) > rest) return null;
      if (Math.abs(residual(late + 2 * side) - 0.3 * off) > rest) return null;
    }
    const alone = tell(late, off, sigma);
    return isTorn(alone, off, sigma) ? null : alone;
  }

  /** The load moves, and it may be lines that are missing, or the beginning of the movement, that make it stand out. */
  function isTorn({ low, high }: Isolated, off: number, sigma: number): boolean {
    if (high - low < moving.spread * sigma) return false;
    let bend = 0;
    let pause = 0;
    for (let back = 0; back < 2 * late; back++) {
      pause = Math.max(pause, track.timeAt(back) - track.timeAt(back + 1));
      // Second differences that the sample has no part in.
      if (Math.abs(back + 1 - late) < 2 || back === 2 * late - 1) continue;
      bend = Math.max(bend, Math.abs(track.at(back) - 2 * track.at(back + 1) + track.at(back + 2)));
    }
    return (
      Math.abs(off) < Math.max(moving.far * sigma, moving.bends * bend) ||
      pause > moving.pause * 1e6 * track.period ||
      track.spoiledAt > track.timeAt(late + 3) - 1e6 * track.period ||
      track.rate.over(1) < moving.whole * track.rate.usual ||
      beginsToMove(sigma)
    );
  }

  /** The oldest samples still rest, or are not known. With a line missing there, the first that moves looks as if it stood alone. */
  function beginsToMove(sigma: number): boolean {
    const oldest = 2 * late;
    const calm = atRest.agreement * sigma;
    return [1, 2, 3].every((i) => !(Math.abs(track.at(oldest + i) - track.at(oldest)) >= calm));
  }

  function whereCalm(sigma: number): Isolated | null {
    const [newest, next, value, before, oldest] = [
      track.at(0),
      track.at(1),
      track.at(2),
      track.at(3),
      track.at(4),
    ];
    const calm = atRest.agreement * sigma;
    const isCalm = [newest, before, oldest].every((other) => Math.abs(other - next) <= calm);
    const off = value - (next + before) / 2;
    return isCalm && Math.abs(off) > atRest.far * sigma ? tell(2, off, sigma) : null;
  }

  return () => {
    const sigma = track.sigma;
    if (!(sigma > 0)) return null;
    return track.isAt80 ? whereSmooth(sigma) : whereCalm(sigma);
  };
}
