import type { CellTrack } from './cell-track.ts';
import { createIsolation } from './isolated.ts';
import { Recent } from './recent.ts';
import type { Detector } from './types.ts';

const ratios = [0.5, 0.25, 2, 4] as const;
/** Below so many σ a doubled value can't be told from noise. */
const leastSigmas = 60;
const near = 5;
const longestRun = 16;
/** Samples of a run that prove it before it is over, after a rest and while the load moves. */
const enough = { atRest: 2, moving: 4 };
/** And those that prove it when it is over. */
const over = { atRest: 2, moving: 3 };
/**
 * While the load moves: how near the value must come, as a share of what is expected and in σ; how far off it is at all; and so
 * many σ must be expected, so that these are little beside it.
 */
const moving = { share: 0.06, sigmas: 15, off: 0.2, least: 300 };
/** Single samples of other sizes say that these are spikes too, which happen to be of that size; so long they are remembered. */
const spikesCount = 20e6;

/** 0.5, 0.25, 2 or 4 where `value` is so many times `expected`, within 5 σ; 1 where it is none of them. */
export function gainRatio(value: number, expected: number, sigma: number): number {
  if (!(Math.abs(expected) > leastSigmas * sigma)) return 1;
  for (const ratio of ratios)
    if (Math.abs(value - ratio * expected) < near * sigma * Math.max(1, ratio)) return ratio;
  return 1;
}

/**
 * Values at X and exactly 2X or 4X: without its last pulses a read sets the next conversions to another gain. Looks for runs
 * of samples at exactly a half or a quarter (or twice, four times) of what is expected, which begin from one sample to the
 * next: the load takes several samples, and rings. Expected is the level at rest; at 80 samples a second, while the load
 * moves, the cubic through the last four, where those of the run count as what they would be at the right gain. Runs of two
 * samples and more are enough; a single one is, where there are no spikes of other sizes.
 */
export function createGainLost(track: CellTrack): Detector {
  const isolation = createIsolation(track);
  const runs = new Recent(32);
  const singles = new Recent(32);
  const spikes = new Recent(8);
  const last = { level: 0, value: 0 };
  /** The run that is under way: its ratio (1: none), samples, beginning. */
  const run = { ratio: 1, count: 0, from: NaN, enough: 0, over: 0 };
  /** The last samples at the right gain, the newest first. */
  const right = [NaN, NaN, NaN, NaN];

  function remember(v: number): void {
    right[3] = right[2]!;
    right[2] = right[1]!;
    right[1] = right[0]!;
    right[0] = v;
  }

  /** What the next sample should be, and how near to it is near enough for a gain of 1. NaN while nothing is known. */
  const next = { value: NaN, slack: NaN, enough: 0, over: 0, least: 0 };
  function expect(sigma: number): void {
    const [a, b, c, d] = right as [number, number, number, number];
    if (Math.abs(a - b) < 7 * sigma) {
      next.value = (a + b) / 2;
      next.slack = near * sigma;
      Object.assign(next, { enough: enough.atRest, over: over.atRest, least: leastSigmas });
    } else if (track.isAt80 && !(track.spoiledAt > track.timeAt(5))) {
      next.value = 4 * a - 6 * b + 4 * c - d;
      next.slack = moving.share * Math.abs(next.value) + moving.sigmas * sigma;
      Object.assign(next, { enough: enough.moving, over: over.moving, least: moving.least });
    } else next.value = NaN;
  }

  function begin(v: number, sigma: number): void {
    if (!(Math.abs(next.value) > next.least * sigma)) return;
    if (Math.abs(v - next.value) < moving.off * Math.abs(next.value)) return;
    for (const ratio of ratios)
      if (Math.abs(v - ratio * next.value) < ratio * next.slack + near * sigma) {
        Object.assign(run, { ratio, count: 1, from: track.t, enough: next.enough, over: next.over });
        Object.assign(last, { level: next.value, value: v });
        return;
      }
  }

  function follow(v: number, sigma: number): void {
    const isSame = Math.abs(v - run.ratio * next.value) < run.ratio * next.slack + near * sigma;
    if (isSame) run.count++;
    const isBack = !isSame && Math.abs(v - next.value) < Math.max(next.slack, 7 * sigma);
    // A single sample back at the right gain is judged with its other neighbours, by the isolation.
    const isProved = isSame
      ? run.count === run.enough
      : isBack && run.count >= run.over && run.count < run.enough;
    if (isProved) runs.add(run.from);
    if (!isSame || run.count >= longestRun) run.ratio = 1;
  }

  function noteSingle(): void {
    const found = isolation();
    if (!found) return;
    const ratio = gainRatio(found.value, found.expected, track.sigma);
    if (ratio === 1) {
      spikes.add(found.t);
      return;
    }
    singles.add(found.t);
    Object.assign(last, { level: found.expected, value: found.value });
  }

  return {
    fault: 'gain-lost',
    clearAfter: 10,
    sample() {
      const { v, sigma } = track;
      if (track.follow === 1) {
        run.ratio = 1;
        right.fill(NaN);
      }
      noteSingle();
      expect(sigma);
      if (run.ratio === 1) begin(v, sigma);
      else follow(v, sigma);
      remember(v / run.ratio);
    },
    judge(now) {
      const since = now - 10e6;
      const many = runs.since(since);
      const single = spikes.since(now - spikesCount) === 0 ? singles.since(since) : 0;
      if (many + single === 0) return 'absent';
      const from = Math.min(
        many > 0 ? runs.firstSince(since) : Infinity,
        single > 0 ? singles.firstSince(since) : Infinity,
      );
      const times = Math.round(4 * (last.value / last.level)) / 4;
      const says = `${many + single} times in 10 s the reading went at once from ${Math.round(last.level)} to ${Math.round(last.value)} counts, ${times} times as much, and back`;
      return { from, confidence: Math.min(0.98, 0.75 + (many + single) / 20), says };
    },
  };
}
