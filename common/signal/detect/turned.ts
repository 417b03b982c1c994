import { stepAt } from './arrivals.ts';
import type { CellTrack } from './cell-track.ts';
import type { LevelRange } from './level-range.ts';

/** Microseconds: how near two cells of a scale see the load move, and how long that is waited for. */
const together = 150_000;
const decideAfter = 250_000;
/** As often two cells must have moved one way before the other way says something. */
const leastAgreed = 2;
/** A jump is so many σ and that share of a usual step. */
const jump = { sigmas: 60, steps: 0.3, calm: 7 };
/** A movement is one when it has gone that share of a usual step. */
const moved = 0.4;

export interface Turned {
  readonly isSeen: boolean;
  readonly from: number;
  readonly says: string;
  /** True when it is seen for the first time. */
  sample(): boolean;
  forget(): void;
}

/**
 * Whether the load moves the wrong way, where the zero of the counts is not known. Two signs of it: another cell of the scale
 * moves the other way at the same time, where they went together before, while this one is where it never rested. Or it jumped
 * from rest to rest from one sample to the next, which no load does, and goes down next where it was empty (or up where it
 * was loaded).
 */
export function createTurned(
  track: CellTrack,
  range: Pick<LevelRange, 'low' | 'high'>,
  others: () => CellTrack[],
): Turned {
  const seen = { is: false, from: NaN, says: '' };
  let steps = 0;
  let agreed = 0;
  /** A jump whose next movement is waited for: the sign that it should have. */
  const pending = { t: NaN, sign: 0, steps: 0 };

  const isOutside = (v: number) =>
    v < range.low - 0.5 * track.usualStep || v > range.high + 0.5 * track.usualStep;

  function see(from: number, says: string): boolean {
    const isNew = !seen.is;
    if (isNew) Object.assign(seen, { is: true, from, says });
    return isNew;
  }

  /** Compares the last movement with that of the other cells, once they had the time. */
  function compare(): boolean {
    const step = stepAt(track, 0);
    if (!step || track.stepCount === steps || track.t - step.at < decideAfter) return false;
    steps = track.stepCount;
    if (step.isLate) return false;
    const signs = others().flatMap((other) => {
      const found = [0, 1, 2].map((back) => stepAt(other, back)).find((one) => isTogether(one, step.at));
      return found ? [found.sign] : [];
    });
    if (signs.length === 0) return false;
    if (signs.every((sign) => sign === step.sign)) {
      agreed++;
      if (seen.is && !isOutside(track.v)) seen.is = false;
      return false;
    }
    const isAlone = signs.every((sign) => sign !== step.sign);
    if (!isAlone || agreed < leastAgreed || !isOutside(step.before)) return false;
    const way = step.sign > 0 ? ['up', 'down'] : ['down', 'up'];
    return see(
      step.at,
      `The load moved this cell ${way[0]} and the other one ${way[1]}, where both went one way ${agreed} times`,
    );
  }

  /** A jump from rest to rest between two samples, two samples ago. */
  function noteJump(): void {
    const calm = jump.calm * track.sigma;
    const [a, b, first, before, older] = [track.at(0), track.at(1), track.at(2), track.at(3), track.at(4)];
    if (!(Math.abs(before - older) < calm && Math.abs(first - b) < calm && Math.abs(b - a) < calm)) return;
    const least = Math.max(jump.sigmas * track.sigma, jump.steps * track.usualStep);
    if (!(Math.abs(first - before) > least) || track.usualStep === 0 || !isOutside(first)) return;
    const load = (before - range.low) / track.usualStep;
    const sign = Math.abs(load) < 0.2 ? 1 : load > 0.6 && load < 1.5 ? -1 : 0;
    if (sign !== 0) Object.assign(pending, { t: track.timeAt(2), sign, steps: track.stepCount });
  }

  function followJump(): boolean {
    const step = stepAt(track, 0);
    const isNext = step && track.stepCount > pending.steps && step.at > pending.t + 3e6 * track.period;
    if (!isNext) return false;
    const off = track.v - step.before;
    if (Math.abs(off) < moved * track.usualStep) return false;
    const { t, sign } = pending;
    pending.sign = 0;
    if (Math.sign(off) === sign) return false;
    const way = off > 0 ? 'up' : 'down';
    const state = sign > 0 ? 'empty' : 'loaded';
    return see(t, `The reading jumped within one sample while the scale was ${state}, and went ${way} next`);
  }

  return {
    get isSeen() {
      return seen.is;
    },
    get from() {
      return seen.from;
    },
    get says() {
      return seen.says;
    },
    sample() {
      if (pending.sign === 0) noteJump();
      const isNew = pending.sign !== 0 && followJump();
      return compare() || isNew;
    },
    forget() {
      seen.is = false;
      pending.sign = 0;
    },
  };
}

const isTogether = (step: ReturnType<typeof stepAt>, at: number) =>
  step !== null && !step.isLate && Math.abs(step.at - at) < together;
