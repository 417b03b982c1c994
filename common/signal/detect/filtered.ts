import type { CellTrack } from './cell-track.ts';
import type { Detector } from './types.ts';

/** Below this share of the chip's own noise it is filtered: a moving average over 3 leaves 0.27 of second differences. */
const limit = 0.3;
const at80 = { seconds: 1.8, windows: 8, share: 0.35 };
/** No noise of any filter repeats a value so often, unless it is coarse. */
const flatRun = 4;
/** At 10/s: first differences at rest, of so many the median; its median for white noise of σ is 0.954 σ. */
const at10 = { samples: 60, limit: 0.35, median: 0.954, mostSeconds: 120 };

/**
 * Noise far below the chip's floor for its rate, from sample to sample and at rest. A moving average over M divides σ by √M,
 * but differences of neighbours by M: these are looked at. What the load does is left out: of short windows the calmer ones
 * count (80/s), or only samples at rest (10/s, where it takes half a minute).
 */
export function createFiltered(track: CellTrack): Detector {
  const differences = new Float64Array(at10.samples);
  const ends = new Float64Array(at10.samples);
  const sorted = new Float64Array(at10.samples);
  let count = 0;
  let rest = NaN;
  /** At 10/s: the last ratio that could be told, and the count that it was told of. */
  const told = { ratio: NaN, count: 0 };

  const noteAt10 = (difference: number) => {
    differences[count % at10.samples] = Math.abs(difference);
    ends[count % at10.samples] = track.t;
    count++;
  };

  function judgeAt80(now: number): number {
    return track.noise.calmSince(now - at80.seconds * 1e6, at80.windows, at80.share) / track.floor;
  }

  function judgeAt10(now: number): number {
    if (told.count === count || count < at10.samples) return told.ratio;
    told.count = count;
    const isOld = now - ends[count % at10.samples]! > at10.mostSeconds * 1e6;
    sorted.set(differences);
    const median = sorted.sort()[at10.samples >> 1]!;
    told.ratio = isOld ? NaN : median / at10.median / track.floor;
    return told.ratio;
  }

  return {
    fault: 'filtered',
    clearAfter: 4,
    sample() {
      if (track.isAt80 || !track.isQuiet) return;
      // At the beginning of a rest the samples that made it one count as well.
      const steps = rest === track.quietSince ? 1 : track.restSamples - 1;
      rest = track.quietSince;
      for (let back = 0; back < steps; back++) noteAt10(track.at(back) - track.at(back + 1));
    },
    judge(now) {
      // Equal values are another matter, and a coarse last digit hides the noise.
      if (track.run > flatRun || !(track.resolution < track.floor / 4)) return 'unknown';
      const ratio = track.isAt80 ? judgeAt80(now) : judgeAt10(now);
      if (Number.isNaN(ratio)) return 'unknown';
      const most = track.isAt80 ? limit : at10.limit;
      if (ratio > most) return 'absent';
      const floor = track.floor;
      const says = `From sample to sample the noise is ${(ratio * floor).toFixed(1)} counts rms, where the chip alone has ${floor} at this rate`;
      const from = track.isAt80 ? now - at80.seconds * 1e6 : ends[count % at10.samples]!;
      return { from, confidence: ratio < most / 2 ? 0.95 : 0.8, says };
    },
  };
}
