/** The calibration of a cell, with the samples of the open incident. */
import type { CalibrationState } from '../../common/contract/calibration.ts';
import type { DataOf } from '../../common/incident/entries.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createWatchable } from '../../common/lib/watch.ts';
import {
  calibratedExpression,
  finished,
  noCalibration,
  startCalibration,
  withTare,
  withoutWeight,
  withWeight,
  type LoadWindow,
} from '../../common/signal/calibrate.ts';
import { createLoadTaker } from './load-taker.ts';
import { mathDevice } from './math-channels.ts';
import { channelOf } from './measure.ts';
import type { AppendOwn, CalibrationRoom, MathChannels, SignalsDeps, TakeRequest } from './types.ts';

type Deps = Pick<SignalsDeps, 'ledger' | 'capture' | 'put'> & { math: Pick<MathChannels, 'replace'> };

export function createCalibrationRoom(deps: Deps): CalibrationRoom {
  const { ledger, capture } = deps;
  const state = createWatchable<CalibrationState>(noCalibration);
  const taker = createLoadTaker(capture);

  const change = (next: CalibrationState): CalibrationState => {
    state.set(next);
    return next;
  };

  /** Takes a load and goes on with it, unless the calibration was left or begun anew meanwhile. */
  async function take(
    weight: number,
    request: TakeRequest,
    signal: AbortSignal | undefined,
    next: (before: CalibrationState, window: LoadWindow) => CalibrationState,
  ): Promise<CalibrationState> {
    const before = state.get();
    if (before.channel === null || before.step === 'done') throw notStarted();
    if (before.taking) throw busy();
    const { info } = channelOf(capture, before.channel);
    const marked = change({ ...before, taking: { weight, since: capture.now() }, problem: null });
    try {
      const found = await taker.take(info, request, signal, (window) => next(before, window));
      if (state.get() !== marked) throw left();
      return change(found);
    } catch (error) {
      if (state.get() === marked) change({ ...before, problem: problemOf(error) });
      throw error;
    }
  }

  return {
    state,
    start(channel, empty) {
      const { info } = channelOf(capture, channel);
      if (info.kind !== 'linear')
        throw new WarroomError('bad-input', `${channel} is no load cell.`, 'Choose a channel that weighs.');
      taker.cancel();
      const known = ledger.state.calibrations[channel]?.data.offset ?? null;
      return change(startCalibration(channel, info.unit, empty ?? known));
    },
    tare: (request, signal) =>
      take(0, request, signal, (before, window) => {
        const known = ledger.state.calibrations[before.channel!]?.data.scale ?? null;
        return withTare(before, window, known);
      }),
    addPoint: (weight, request, signal) =>
      take(weight, request, signal, (before, window) => withWeight(before, window, weight)),
    dropPoint(index) {
      if (state.get().taking) throw busy();
      return change(withoutWeight(state.get(), index));
    },
    async finish(anyway, append) {
      const before = state.get();
      if (before.taking) throw busy();
      const done = finished(before, anyway);
      const written = await writeDown(deps, done, append);
      if (state.get() === before) change(done);
      return written;
    },
    cancel() {
      taker.cancel();
      change(noCalibration);
    },
  };
}

/** The entry, with the window of each load as evidence, and the calibrated channel. */
async function writeDown({ capture, put, math }: Deps, state: CalibrationState, append: AppendOwn) {
  const channel = state.channel!;
  const device = channel.slice(0, channel.indexOf('/'));
  const { offset, scale, rms, problems } = state.fit!;
  const points = [state.tare!, ...state.points];
  const evidence = [];
  for (const { from, to } of points)
    evidence.push(await put(await capture.exportWindow([channel], from, to), 'application/vnd.mcap'));
  const data: DataOf<'device.calibrated'> = {
    device,
    channel,
    offset,
    scale,
    rms,
    points: points.map(({ residual, from, to, ...point }) => ({
      ...point,
      residual: residual ?? 0,
      from: Math.floor(from),
      to: Math.floor(to),
    })),
    says: problems.map(({ message }) => message),
  };
  const place = await append({ type: 'device.calibrated', data, evidence });
  const derived = {
    id: `${mathDevice}/${device}-cal`,
    name: `${device} calibrated`,
    unit: 'g',
    kind: 'linear' as const,
    expression: calibratedExpression(channel, offset, scale),
    stale: 1,
  };
  await math.replace(derived, append, place.id);
  return { ...place, channel: derived.id };
}

function notStarted(): WarroomError {
  return new WarroomError('refused', 'No calibration is under way.', 'Start one for a channel.');
}

function busy(): WarroomError {
  return new WarroomError('taken', 'Samples are being taken.', 'Wait for them, or cancel the calibration.');
}

function left(): WarroomError {
  return new WarroomError('cancelled', 'The calibration was left meanwhile.', 'Start it again.');
}

/** A refusal's one word for it stands in its data. */
function problemOf(error: unknown): CalibrationState['problem'] {
  if (!(error instanceof WarroomError) || error.code === 'cancelled') return null;
  const { code, message, hint, data } = error;
  return { code: typeof data.reason === 'string' ? data.reason : code, message, hint };
}
