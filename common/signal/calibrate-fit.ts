/** The line of a load cell through known weights. */
import type { CalibrationState } from '../contract/calibration.ts';
import { lineOf, meanOf, sumOf } from './measure-statistics.ts';

export type CalibrationPoint = NonNullable<CalibrationState['tare']>;
export type CalibrationFit = NonNullable<CalibrationState['fit']>;
type Problem = CalibrationFit['problems'][number];

/** Residuals up to so many times the noise, or such a share of the span, are those of a line that fits. */
const timesNoise = 3;
const shareOfSpan = 0.005;
/** Points from which on a bend can be told from noise. */
const pointsForBend = 4;

/**
 * weight = (reading − offset) / scale by least squares of the readings over the weights, which are known; the tare is the
 * first point. Each point gets its residual. Needs two weights that differ, of different readings.
 */
export function fitCalibration(points: readonly CalibrationPoint[]): {
  fit: CalibrationFit;
  points: CalibrationPoint[];
} {
  const weights = points.map(({ weight }) => weight);
  const { intercept: offset, slope: scale } = lineOf(
    weights,
    points.map(({ mean }) => mean),
  );
  const fitted = points.map((point) => ({
    ...point,
    residual: (point.mean - offset) / scale - point.weight,
  }));
  const residuals = fitted.map(({ residual }) => residual);
  const worst = Math.max(...residuals.map(Math.abs));
  const span = Math.max(...weights) - Math.min(...weights);
  const noise = Math.max(...points.map((point) => point.noise)) / Math.abs(scale);
  const limit = Math.max(timesNoise * noise, shareOfSpan * span);
  const bend = (bendOf(points) / Math.abs(scale)) * (span ** 2 / 4);
  const isBent = Math.abs(bend) > limit;
  const problems: Problem[] = [];
  if (scale < 0) problems.push(inverted);
  if (worst > limit) problems.push(offLine(fitted, worst, limit));
  if (isBent) problems.push(bent(bend, limit));
  if (new Set(weights).size === 2) problems.push(oneWeight);
  return {
    fit: {
      offset,
      scale,
      rms: Math.sqrt(sumOf(residuals.length, (i) => residuals[i]! ** 2) / residuals.length),
      worst,
      limit,
      fits: worst <= limit && !isBent,
      problems,
    },
    points: fitted,
  };
}

/** The quadratic term of the parabola through the points, by polynomials orthogonal over them (Forsythe, 1957). */
function bendOf(points: readonly CalibrationPoint[]): number {
  if (points.length < pointsForBend) return 0;
  const middle = meanOf(points.map(({ weight }) => weight));
  const first = points.map(({ weight }) => weight - middle);
  const squares = sumOf(first.length, (i) => first[i]! ** 2);
  const skew = sumOf(first.length, (i) => first[i]! ** 3) / squares;
  const second = first.map((x) => x ** 2 - skew * x - squares / first.length);
  const size = sumOf(second.length, (i) => second[i]! ** 2);
  const along = sumOf(second.length, (i) => second[i]! * points[i]!.mean);
  return size > 1e-9 * squares ** 2 ? along / size : 0;
}

const inverted: Problem = {
  code: 'inverted',
  message: 'The reading falls as the weight rises: the sign is inverted.',
  hint: 'Swap A+ and A−, or keep it so: the calibrated channel has the right sign.',
};

const oneWeight: Problem = {
  code: 'one-weight',
  message: 'With one weight nothing shows whether the cell is straight.',
  hint: 'Add a second weight of another size.',
};

function offLine(points: CalibrationPoint[], worst: number, limit: number): Problem {
  const at = points.find(({ residual }) => Math.abs(residual!) === worst)!;
  return {
    code: 'off-line',
    message: `The line does not fit: at ${at.weight} g it is ${grams(worst)} off, more than ${grams(limit)}.`,
    hint: 'Check that weight, and that nothing touches the platform; then take it again.',
  };
}

function bent(bend: number, limit: number): Problem {
  return {
    code: 'bent',
    message: `The readings bend by ${grams(Math.abs(bend))} over the span, more than ${grams(limit)}.`,
    hint: 'Look for something that takes part of the load: a cable, a stop, a platform that touches.',
  };
}

const grams = (value: number) => `${Number(value.toPrecision(3))} g`;
