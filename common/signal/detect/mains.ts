import type { CellTrack } from './cell-track.ts';
import type { Detector } from './types.ts';

/** Samples of one look, and how often there is one. */
const width = 128;
const hop = 16;
const hertz = [50, 60] as const;
/** In bins of the look: where the line may be (the rate is not known exactly), and its neighbours on both sides. */
const lineBins = [-1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2];
const neighbourBins = [-12, -11, -10, -9, -8, -7, -6, -5, -4, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/**
 * Noise alone gives a ratio R with chance e^−R where the floor is known, and there are 10^5 independent looks and bins in
 * eight hours. The neighbours alone know the floor less well.
 */
const limits = { counts: 22, grams: 45 };

const hann = Float64Array.from(
  { length: width },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / width),
);

/** Σ w² of the window. */
const hannEnergy = hann.reduce((sum, w) => sum + w * w, 0);
/** Samples a second at which the mains can be told from the load. */
const leastRate = 62;
const mostRate = 100;

/** Power of `x` at `bin`, in cycles per `x.length` samples (Goertzel, American Mathematical Monthly 65, 1958). */
export function goertzel(x: Float64Array, bin: number): number {
  const turn = (2 * Math.PI * bin) / x.length;
  const factor = 2 * Math.cos(turn);
  let [s1, s2] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const s = x[i]! + factor * s1 - s2;
    s2 = s1;
    s1 = s;
  }
  return s1 * s1 + s2 * s2 - factor * s1 * s2;
}

/** Where `frequency` shows at `rate` samples a second, in bins of `width` samples. */
const aliasBin = (frequency: number, rate: number) =>
  Math.abs(frequency / rate - Math.round(frequency / rate)) * width;

/**
 * 50 or 60 Hz, which show at 30 and 20 Hz at 80 samples a second: power there against the neighbouring bins (and against the
 * chip's own noise, where that is more), of second differences under a Hann window, so that the load's slow movement has no
 * part in it. At 10 samples a second the mains alias to nothing or to where the load is, and can't be seen: unknown.
 */
export function createMains(track: CellTrack): Detector {
  const ring = new Float64Array(width);
  const x = new Float64Array(width);
  const best = { ratio: 0, frequency: 0, bin: 0 };
  let taken = 0;
  let hasLooked = false;

  /** Power that white noise of the chip's floor has at `bin`: the window's energy, times the response of second differences. */
  function floorPower(bin: number): number {
    const response = 2 * Math.sin((Math.PI * bin) / width);
    return (track.floor || 0) ** 2 * hannEnergy * response ** 4;
  }

  function ratioAt(bin: number): number {
    let line = 0;
    for (const off of lineBins) line = Math.max(line, goertzel(x, bin + off));
    let around = 0;
    for (const off of neighbourBins) around += goertzel(x, bin + off) / neighbourBins.length;
    return line / (Math.max(around, floorPower(bin)) || 1);
  }

  function look(): void {
    for (let i = 0; i < width; i++) x[i] = ring[(taken + i) % width]! * hann[i]!;
    best.ratio = 0;
    for (const frequency of hertz) {
      const bin = aliasBin(frequency, track.rate.usual);
      const ratio = ratioAt(bin);
      if (ratio > best.ratio) Object.assign(best, { ratio, frequency, bin });
    }
    hasLooked = true;
  }

  return {
    fault: 'mains',
    clearAfter: 4,
    sample() {
      const difference = track.v - 2 * track.at(1) + track.at(2);
      if (Number.isNaN(difference)) {
        taken = 0;
        hasLooked = false;
        return;
      }
      ring[taken++ % width] = difference;
      if (taken >= width && taken % hop === 0 && track.rate.usual > leastRate) look();
    },
    judge(now) {
      const rate = track.rate.usual;
      if (!(rate > leastRate && rate < mostRate) || !hasLooked) return 'unknown';
      const { ratio, frequency, bin } = best;
      if (ratio < (track.isCounts ? limits.counts : limits.grams)) return 'absent';
      const shown = (bin / width) * rate;
      const says = `At ${shown.toFixed(1)} Hz, where ${frequency} Hz show at ${rate.toFixed(1)} samples/s, stands ${ratio.toFixed(0)} times the power beside it`;
      return { from: now - (width / rate) * 1e6, confidence: Math.min(0.97, 0.7 + ratio / 400), says };
    },
  };
}
