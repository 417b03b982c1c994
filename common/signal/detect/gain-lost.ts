import type { CellTrack } from './cell-track.ts';
import { Recent } from './recent.ts';
import type { Detector } from './types.ts';

const ratios = [0.5, 0.25, 2, 4] as const;
/** Below so many σ a doubled value can't be told from noise. */
const leastSigmas = 60;
const near = 5;
const longestRun = 16;
/** Single samples prove nothing until there are so many, and not while there are more of other sizes. */
const leastSingles = 3;

/** 0.5, 0.25, 2 or 4 where `value` is so many times `expected`, within 5 σ; 1 where it is none of them. */
export function gainRatio(value: number, expected: number, sigma: number): number {
  if (!(Math.abs(expected) > leastSigmas * sigma)) return 1;
  for (const ratio of ratios)
    if (Math.abs(value - ratio * expected) < near * sigma * Math.max(1, ratio)) return ratio;
  return 1;
}

/**
 * Values at X and exactly 2X or 4X: without its last pulses a read sets the next conversions to another gain. Looks for runs
 * of samples at exactly a half or a quarter (or twice, four times) of the level that the load rests at, which begin from one
 * sample to the next: the load takes several samples, and rings. A run of two samples and more, at rest again or long, is
 * enough; single ones might be spikes that happen to be of that size.
 */
export function createGainLost(
  track: CellTrack,
  _calibration?: unknown,
  otherSpikes?: () => number,
): Detector {
  const runs = new Recent(32);
  const singles = new Recent(32);
  const last = { level: 0, value: 0 };
  /** The run that is under way: its ratio (1: none), samples, beginning and level. */
  const run = { ratio: 1, count: 0, from: NaN, level: 0 };

  function begin(): void {
    const [value, before, older] = [track.at(0), track.at(1), track.at(2)];
    const sigma = track.sigma;
    if (!(Math.abs(before - older) < 7 * sigma)) return;
    const level = (before + older) / 2;
    const ratio = gainRatio(value, level, sigma);
    if (ratio === 1) return;
    Object.assign(run, { ratio, count: 1, from: track.t, level });
  }

  function end(isBack: boolean): void {
    if (run.count > 1 && (isBack || run.count >= longestRun)) runs.add(run.from);
    else if (isBack) singles.add(run.from);
    if (isBack) Object.assign(last, { level: run.level, value: run.ratio * run.level });
    run.ratio = 1;
  }

  return {
    fault: 'gain-lost',
    clearAfter: 10,
    sample() {
      if (run.ratio === 1) return begin();
      const sigma = track.sigma;
      if (Math.abs(track.v - run.ratio * run.level) < near * sigma * Math.max(1, run.ratio)) {
        if (++run.count >= longestRun) end(true);
      } else end(Math.abs(track.v - run.level) < 7 * sigma);
    },
    judge(now) {
      const since = now - 10e6;
      const [many, single] = [runs.since(since), singles.since(since)];
      const isEnough = many > 0 || (single >= leastSingles && single > (otherSpikes?.() ?? 0));
      if (!isEnough) return 'absent';
      const says = `${many + single} times in 10 s the reading fell at once from ${Math.round(last.level)} to ${Math.round(last.value)} counts, exactly ${last.value / last.level} times as much, and back`;
      const from = Math.min(runs.firstSince(since) || Infinity, singles.firstSince(since) || Infinity);
      return { from, confidence: Math.min(0.98, 0.75 + (many + single) / 20), says };
    },
  };
}
