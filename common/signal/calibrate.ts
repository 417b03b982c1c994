/** The guided calibration of a load cell, step by step. Each function answers the next state, or throws `refused`. */
import type { CalibrationState } from '../contract/calibration.ts';
import { fitCalibration, type CalibrationPoint } from './calibrate-fit.ts';
import { loadIn, refuse, type LoadWindow } from './calibrate-window.ts';

export type { LoadWindow } from './calibrate-window.ts';

export const noCalibration: CalibrationState = {
  step: 'off',
  channel: null,
  unit: '',
  empty: null,
  taking: null,
  tare: null,
  points: [],
  fit: null,
  problem: null,
};

/** An empty cell may have drifted so far from where it was, in times its noise and in grams where the scale is known. */
const timesNoise = 20;
const driftGrams = 5;
/** A weight changes the reading by more than so many times the noise. */
const leastChange = 5;
const mostPoints = 20;

/** `empty`: what the channel reads with nothing on it; null where nobody knows. */
export function startCalibration(channel: string, unit: string, empty: number | null): CalibrationState {
  return { ...noCalibration, step: 'tare', channel, unit, empty };
}

/** Nothing on the cell. `scale`: of an earlier calibration. Weights that were taken before are gone. */
export function withTare(
  state: CalibrationState,
  window: LoadWindow,
  scale: number | null = null,
): CalibrationState {
  checkRuns(state);
  const tare = { ...loadIn(window, 0), residual: null };
  const { empty, unit } = state;
  const limit = Math.max(timesNoise * tare.noise, driftGrams * Math.abs(scale ?? 0));
  if (empty !== null && Math.abs(tare.mean - empty) > limit)
    throw refuse(
      'loaded',
      `The cell is loaded: it reads ${rounded(tare.mean)} ${unit}, and empty ${rounded(empty)} ${unit}.`,
      'Take everything off it. If it is empty, start again and give this reading as that of the empty cell.',
    );
  return { ...state, step: 'weights', tare, points: [], fit: null, problem: null };
}

/** A known weight, in grams. */
export function withWeight(state: CalibrationState, window: LoadWindow, weight: number): CalibrationState {
  checkRuns(state);
  const { tare, points } = state;
  if (!tare) throw refuse('no-tare', 'The empty cell was not measured yet.', 'Take the tare first.');
  if (!Number.isFinite(weight) || weight === 0)
    throw refuse('no-weight', 'A weight is needed that is not 0.', 'Write down what lies on the cell.');
  if (points.length >= mostPoints)
    throw refuse('many', `There are ${mostPoints} weights already.`, 'Drop one, or finish.');
  const point = { ...loadIn(window, weight), residual: null };
  if (Math.abs(point.mean - tare.mean) <= leastChange * Math.max(point.noise, tare.noise))
    throw refuse(
      'no-change',
      'The cell reads what it read when it was empty.',
      'Put the weight on it, and check that it is this cell.',
    );
  return fitted({ ...state, points: [...points, point], problem: null });
}

/** Without the weight number `index`, from 0. */
export function withoutWeight(state: CalibrationState, index: number): CalibrationState {
  checkRuns(state);
  if (!(index in state.points)) throw refuse('no-weight', 'There is no such weight.', 'Look at the list.');
  return fitted({ ...state, points: state.points.filter((_, i) => i !== index), problem: null });
}

/** Checks that it can be written down. A line that does not fit only `anyway`. */
export function finished(state: CalibrationState, anyway: boolean): CalibrationState {
  checkRuns(state);
  const { fit } = state;
  if (!fit) throw refuse('no-weight', 'No weight was measured yet.', 'Add one at least; two show more.');
  if (!fit.fits && !anyway) {
    const { message, hint } = fit.problems.find(({ code }) => code === 'off-line' || code === 'bent')!;
    throw refuse('no-fit', message, `${hint} Or keep it as it is, if you know why.`);
  }
  return { ...state, step: 'done', problem: null };
}

/** The expression of the calibrated channel. */
export function calibratedExpression(channel: string, offset: number, scale: number): string {
  return `([${channel}] - ${written(offset)}) / ${written(scale)}`;
}

const written = (value: number) => (value < 0 ? `(${value})` : String(value));
const rounded = (value: number) => Number(value.toPrecision(7));

function checkRuns({ step }: CalibrationState): void {
  if (step === 'off' || step === 'done')
    throw refuse('not-started', 'No calibration is under way.', 'Start one for a channel.');
}

function fitted(state: CalibrationState): CalibrationState {
  const { tare, points } = state;
  if (!tare || points.length === 0) return { ...state, tare: tare && unfitted(tare), fit: null };
  const { fit, points: all } = fitCalibration([tare, ...points]);
  return { ...state, fit, tare: all[0]!, points: all.slice(1) };
}

const unfitted = (point: CalibrationPoint) => ({ ...point, residual: null });
