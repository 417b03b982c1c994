/** How much of the mains is picked up: where its frequency shows at a channel's rate, against what lies beside it. */
import { differenceLimit, meanOf } from './measure-statistics.ts';

export interface MainsLine {
  /** Where it shows: its alias at this rate. */
  hertz: number;
  /** Its power over the mean power of its neighbours; about 1 where there is none. */
  ratio: number;
  /** Of the sine, in the channel's unit. */
  amplitude: number;
}

/** Samples of one spectrum: at 80 a second 3.2 s, fine enough to part 20 Hz from its neighbours. */
const segment = 256;
const leastSamples = 64;
/** The newest of a long window are enough: at 80 a second 3.4 minutes. */
const mostSegments = 64;
/** Neighbours in steps of the spectrum's resolution. Nearer than 3 the line itself is still seen through the window. */
const [nearest, furthest] = [3, 10];

/** Frequency at which `hertz` shows when it is sampled at `rate`. */
export function aliasOf(hertz: number, rate: number): number {
  return Math.abs(hertz - rate * Math.round(hertz / rate));
}

/**
 * The line of `mains` (50 or 60) in samples evenly spaced at `rate`: their mean spectrum over segments, with a Hann
 * window (Welch, 1967), once single steps are taken out: a load set down is at every frequency. Null where there are too few, or where it shows too near to 0 or to half the rate.
 */
export function mainsLine(values: Float64Array, rate: number, mains: number): MainsLine | null {
  const length = Math.min(segment, values.length);
  const hertz = aliasOf(mains, rate);
  const step = rate / length;
  if (length < leastSamples || hertz <= furthest * step || hertz >= rate / 2 - furthest * step) return null;
  const segments = Math.min(mostSegments, Math.floor(values.length / length));
  const level = withoutSteps(values.subarray(values.length - segments * length));
  let [line, floor] = [0, 0];
  for (let s = 0; s < segments; s++) {
    const windowed = hann(level, s * length, length);
    line += power(windowed, hertz / rate);
    for (let k = nearest; k <= furthest; k++)
      floor += power(windowed, (hertz + k * step) / rate) + power(windowed, (hertz - k * step) / rate);
  }
  const besides = floor / (2 * (furthest - nearest + 1));
  // The mean of a Hann window is a half: a sine of amplitude A has the power (A · length / 4)².
  return { hertz, ratio: line / besides, amplitude: (Math.sqrt(line / segments) * 4) / length };
}

function withoutSteps(values: Float64Array): Float64Array {
  const differences = Float64Array.from({ length: values.length - 1 }, (_, i) => values[i + 1]! - values[i]!);
  const limit = differenceLimit(differences);
  const level = new Float64Array(values.length);
  level[0] = values[0]!;
  differences.forEach((difference, i) => {
    level[i + 1] = level[i]! + (Math.abs(difference) <= limit ? difference : 0);
  });
  return level;
}

function hann(values: Float64Array, from: number, length: number): Float64Array {
  const part = Float64Array.from({ length }, (_, i) => values[from + i]!);
  const mean = meanOf(part);
  return part.map((value, i) => (value - mean) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length)));
}

/** Squared size of the Fourier sum at `cycles` a sample (Goertzel, 1958). */
function power(values: Float64Array, cycles: number): number {
  const twice = 2 * Math.cos(2 * Math.PI * cycles);
  let [before, last] = [0, 0];
  for (const value of values) [before, last] = [last, value + twice * last - before];
  return last * last + before * before - twice * last * before;
}
