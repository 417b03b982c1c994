/** Whether a window of a load cell is good enough to be a point of its calibration, and what it reads there. */
import { WarroomError } from '../lib/errors.ts';
import { leastCounts, mostCounts } from '../wire/hx711.ts';
import type { CalibrationPoint } from './calibrate-fit.ts';
import { fineNoiseOf, madOf, meanOf, medianOf, noiseOf, sigmaPerMad } from './measure-statistics.ts';

export interface LoadWindow {
  /** [from, to), microseconds since 1970. */
  from: number;
  to: number;
  t: ArrayLike<number>;
  v: ArrayLike<number>;
  /** Of the channel; counts have ends at which the chip saturates. */
  unit: string;
}

const leastSamples = 16;
/** A spike is over 5 σ from the median, by the median absolute deviation (Iglewicz and Hoaglin, 1993). */
const farSample = 5;
const mostSpikes = 0.1;
/** Parts of the window whose means are compared. */
const parts = 4;
/** Means of parts may differ by so many times the noise. White noise of 16 samples gives about 1. */
const steady = 5;
/** Share of the window that may be without samples. */
const mostMissing = 0.25;

/** The load on the cell in a steady window. Throws `refused`; `data.reason` is one word for it. */
export function loadIn(window: LoadWindow, weight: number): Omit<CalibrationPoint, 'residual'> {
  const { from, to, v, unit } = window;
  checkWhole(window);
  const values = Float64Array.from(v);
  if (unit === 'counts' && values.some((value) => value <= leastCounts || value >= mostCounts))
    throw refuse(
      'saturated',
      'The reading is at its end: the cell is overloaded, or a wire of the bridge is open.',
      'Take load off, and check the wires E± and S±.',
    );
  const kept = withoutSpikes(values);
  const spikes = values.length - kept.length;
  if (spikes > mostSpikes * values.length)
    throw refuse(
      'spikes',
      `${spikes} of ${values.length} samples are spikes.`,
      'Check cable and ground of the cell first.',
    );
  checkSteady(kept);
  const noise = noiseOf(kept);
  return { weight, from, to, samples: kept.length, spikes, mean: meanOf(kept), noise };
}

function checkWhole({ from, to, t }: LoadWindow): void {
  const span = (to - from) / 1e6;
  let longest = 0;
  for (let i = 0; i <= t.length; i++) longest = Math.max(longest, (t[i] ?? to) - (t[i - 1] ?? from));
  if (t.length >= leastSamples && longest <= mostMissing * (to - from)) return;
  throw refuse(
    'few',
    `There are ${t.length} samples in ${Number(span.toPrecision(3))} s, with ${Number((longest / 1e6).toPrecision(3))} s without any.`,
    'Check that the cell is connected, or take a longer window.',
  );
}

function withoutSpikes(values: Float64Array): Float64Array {
  const median = medianOf(values);
  const sigma = sigmaPerMad * madOf(values, median);
  // Where most values are the same there is no such deviation; their mean one, 0.8 σ of a normal distribution, stands in.
  const spread = sigma || 1.2533 * meanOf(values.map((value) => Math.abs(value - median)));
  return spread === 0 ? values : values.filter((value) => Math.abs(value - median) <= farSample * spread);
}

function checkSteady(values: Float64Array): void {
  // A swing must not hide itself by counting as noise.
  const noise = fineNoiseOf(values);
  const means = Array.from({ length: parts }, (_, i) =>
    meanOf(values.subarray((values.length * i) / parts, (values.length * (i + 1)) / parts)),
  );
  const moved = Math.max(...means) - Math.min(...means);
  if (moved <= steady * noise) return;
  throw refuse(
    'unsteady',
    `The reading moves: by ${Number(moved.toPrecision(3))} in the window, ${noise > 0 ? `${Math.round(moved / noise)} times its noise` : 'without any noise'}.`,
    'Wait until nothing moves on the line and the cell has settled, and take it again.',
  );
}

export function refuse(reason: string, message: string, hint: string): WarroomError {
  return new WarroomError('refused', message, hint, { reason });
}
