import type { CellTrack } from './cell-track.ts';
import type { Detector } from './types.ts';

/** One point: the lowest rest of so many microseconds; points that are looked at, and how many there must be. */
const pointMicros = 4e6;
const points = 10;
const leastPoints = 6;
/** Counts a minute, and grams where there are no counts: less is what temperature does to a healthy cell. */
const limit = { counts: 200, grams: 0.5 };
/** Residuals may have this share of what the line itself moves, and one step from point to point that one. */
const straightness = 0.2;
const largestStep = 0.45;

/**
 * The empty scale's reading moves one way: a least squares line through the lowest rest of each four seconds, over 20 to 40 s.
 * Parts only add to the lowest, so they don't matter as long as the scale is empty now and then. A level that changes at
 * once, as when something is left on the scale, is not straight.
 */
export function createDrift(track: CellTrack): Detector {
  const times = new Float64Array(points);
  const levels = new Float64Array(points);
  let count = 0;
  let bin = NaN;
  let lowest = Infinity;
  const rest = { since: NaN, sum: 0, count: 0 };

  function endRest(): void {
    if (rest.count > track.restSamples) lowest = Math.min(lowest, rest.sum / rest.count);
    rest.sum = rest.count = 0;
  }

  function endBin(): void {
    if (lowest < Infinity) {
      times[count % points] = (bin + 0.5) * pointMicros;
      levels[count % points] = lowest;
      count++;
    }
    lowest = Infinity;
  }

  /** Slope a microsecond, between which times, the rms of the residuals, and the largest step between neighbours. */
  function fit(): { slope: number; from: number; to: number; rms: number; step: number } {
    const n = Math.min(count, points);
    let [meanT, meanV, from, to] = [0, 0, Infinity, -Infinity];
    for (let i = 0; i < n; i++) {
      meanT += times[i]! / n;
      meanV += levels[i]! / n;
      from = Math.min(from, times[i]!);
      to = Math.max(to, times[i]!);
    }
    let [tt, tv, vv] = [0, 0, 0];
    for (let i = 0; i < n; i++) {
      const [dt, dv] = [times[i]! - meanT, levels[i]! - meanV];
      tt += dt * dt;
      tv += dt * dv;
      vv += dv * dv;
    }
    const slope = tv / tt;
    let step = 0;
    for (let i = count - n + 1; i < count; i++)
      step = Math.max(step, Math.abs(levels[i % points]! - levels[(i - 1) % points]!));
    return { slope, from, to, rms: Math.sqrt(Math.max(0, vv - slope * tv) / n), step };
  }

  return {
    fault: 'drift',
    clearAfter: 20,
    sample() {
      const now = Math.floor(track.t / pointMicros);
      if (now !== bin) {
        endRest();
        if (!Number.isNaN(bin)) endBin();
        bin = now;
      }
      if (!track.isQuiet || track.quietSince !== rest.since) endRest();
      if (!track.isQuiet) return;
      rest.since = track.quietSince;
      if (Math.abs(track.v - track.level) > 6 * track.sigma) return;
      rest.sum += track.v;
      rest.count++;
    },
    judge(now) {
      if (count < leastPoints) return 'unknown';
      const { slope, from, to, rms, step } = fit();
      if (now - to > 3 * pointMicros) return 'unknown';
      const perMinute = slope * 60e6;
      const moved = Math.abs(slope) * (to - from);
      const most = track.isCounts ? limit.counts : limit.grams;
      const isStraight = rms < straightness * moved && step < largestStep * moved;
      if (Math.abs(perMinute) < most || !isStraight || moved < track.sigma) return 'absent';
      const unit = track.isCounts ? 'counts' : 'g';
      const says = `The empty scale's reading moves by ${Number(perMinute.toPrecision(3))} ${unit} a minute, straight over ${Math.round((to - from) / 1e6)} s`;
      return { from, confidence: Math.min(0.95, 0.6 + (0.1 * Math.abs(perMinute)) / most), says };
    },
  };
}
