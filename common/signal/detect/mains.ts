import type { CellTrack } from './cell-track.ts';
import type { Detector } from './types.ts';

/** Samples of a look, a quick one and one for weak lines, and how often there is one. */
const widths = [64, 128] as const;
const longest = 128;
const hop = 8;
const hertz = [50, 60] as const;
/** In bins of the look: where the line may be (the rate is not known exactly), and its neighbours on both sides. */
const lineBins = [-1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2];
const neighbourBins = [-12, -11, -10, -9, -8, -7, -6, -5, -4, 4, 5, 6, 7, 8, 9, 10, 11, 12];
/**
 * Noise alone gives a ratio R with chance e^−R where the floor is known, and there are some 10^6 looks and bins in eight hours,
 * of which most overlap. The neighbours alone know the floor less well.
 */
const limit = 22;

/** Hann windows, with Σ w². */
const windows = widths.map((width) => {
  const w = Float64Array.from(
    { length: width },
    (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / width),
  );
  return { width, w, energy: w.reduce((sum, each) => sum + each * each, 0), x: new Float64Array(width) };
});
type Look = (typeof windows)[number];

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

/** Where `frequency` shows at `rate` samples a second, in cycles per sample. */
const alias = (frequency: number, rate: number) => Math.abs(frequency / rate - Math.round(frequency / rate));

/**
 * 50 or 60 Hz, which show at 30 and 20 Hz at 80 samples a second: power there against the neighbouring bins (and against the
 * chip's own noise, where that is more), of second differences under a Hann window, so that the load's slow movement has no
 * part in it. At 10 samples a second the mains alias to nothing or to where the load is, and can't be seen: unknown.
 */
export function createMains(track: CellTrack): Detector {
  const ring = new Float64Array(longest);
  const best = { ratio: 0, frequency: 0, shown: 0, width: longest };
  let taken = 0;
  let hasLooked = false;
  /** What σ was at its least, forgotten within a minute or so: of grams the chip's own noise is not known. */
  let least = NaN;

  function followLeast(): void {
    const { sigma } = track;
    if (Number.isNaN(sigma)) return;
    least = sigma < least || Number.isNaN(least) ? sigma : least + (sigma - least) / 4096;
  }

  /** Power that white noise of the floor has at `bin`: the window's energy, times the response of second differences. */
  function floorPower({ width, energy }: Look, bin: number): number {
    const response = 2 * Math.sin((Math.PI * bin) / width);
    return (track.floor || least || 0) ** 2 * energy * response ** 4;
  }

  function ratioAt(look: Look, bin: number): number {
    let line = 0;
    for (const off of lineBins) line = Math.max(line, goertzel(look.x, bin + off));
    let around = 0;
    for (const off of neighbourBins) around += goertzel(look.x, bin + off) / neighbourBins.length;
    return line / (Math.max(around, floorPower(look, bin)) || 1);
  }

  function look(): void {
    best.ratio = 0;
    for (const one of windows) {
      const { width, w, x } = one;
      if (taken < width) continue;
      for (let i = 0; i < width; i++) x[i] = ring[(taken - width + i) % longest]! * w[i]!;
      for (const frequency of hertz) {
        const shown = alias(frequency, track.rate.usual);
        const ratio = ratioAt(one, shown * width);
        if (ratio > best.ratio) Object.assign(best, { ratio, frequency, shown, width });
      }
    }
    hasLooked = true;
  }

  return {
    fault: 'mains',
    clearAfter: 4,
    sample() {
      followLeast();
      const difference = track.v - 2 * track.at(1) + track.at(2);
      if (Number.isNaN(difference)) {
        taken = 0;
        hasLooked = false;
        return;
      }
      ring[taken++ % longest] = difference;
      if (taken >= widths[0] && taken % hop === 0 && track.rate.usual > leastRate) look();
    },
    judge(now) {
      const rate = track.rate.usual;
      if (!(rate > leastRate && rate < mostRate) || !hasLooked) return 'unknown';
      const { ratio, frequency, shown, width } = best;
      if (ratio < limit) return 'absent';
      const says = `At ${(shown * rate).toFixed(1)} Hz, where ${frequency} Hz show at ${rate.toFixed(1)} samples/s, stands ${ratio.toFixed(0)} times the power beside it`;
      return { from: now - (width / rate) * 1e6, confidence: Math.min(0.97, 0.7 + ratio / 400), says };
    },
  };
}
