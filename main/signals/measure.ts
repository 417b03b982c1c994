import { setImmediate } from 'node:timers/promises';
import type { Measurement } from '../../common/contract/signals.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { State } from '../../common/incident/state.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { measure, type MeasureInput } from '../../common/signal/measure.ts';
import type { Series } from '../../common/signal/series.ts';
import type { MeasureRequest, SignalsDeps } from './types.ts';

const mostSamples = 1_000_000;

/** Measures each channel of a window. Between two of them others have their turn. */
export async function measureChannels(
  { capture, ledger }: Pick<SignalsDeps, 'capture' | 'ledger'>,
  { channels, from, to, ...options }: MeasureRequest,
): Promise<Measurement[]> {
  if (!(to > from))
    throw new WarroomError('bad-input', 'The window ends before it begins.', 'Select a span of time.');
  const told: Measurement[] = [];
  for (const channel of channels) {
    const { info, series } = channelOf(capture, channel);
    const window = windowOf(series, info, from, to);
    const countsPerGram = scaleOf(ledger.state, channel);
    told.push({ channel, ...measure({ ...window, ...options, unit: info.unit, countsPerGram }) });
    await setImmediate();
  }
  return told;
}

/** Throws `not-found`. */
export function channelOf(
  capture: SignalsDeps['capture'],
  channel: string,
): { info: ChannelInfo; series: Series } {
  const info = capture.channels.get().find(({ id }) => id === channel);
  const series = capture.series(channel);
  if (!info || !series)
    throw new WarroomError(
      'not-found',
      `The capture has no channel ${channel}.`,
      'Connect its device first.',
    );
  return { info, series };
}

type Window = Omit<MeasureInput, 'unit'>;

function windowOf(series: Series, { kind, id }: ChannelInfo, from: number, to: number): Window {
  const [first, end] = [series.indexAt(from), series.indexAt(to)];
  if (end - first > mostSamples)
    throw new WarroomError(
      'bad-input',
      `${id} has ${end - first} samples in this window; at most ${mostSamples} are measured at once.`,
      'Select a shorter one.',
    );
  const gaps = series.gaps(from, to);
  if (series.lostSince !== null && series.lostSince < to)
    gaps.push({ from: Math.max(from, series.lostSince), to, reason: 'the link is lost' });
  const { heardUntil } = series;
  return {
    kind,
    from,
    to,
    ...series.slice(first, end),
    before: valueAt(series, first, from),
    heardUntil,
    gaps,
  };
}

/** The value that is in force at `at`, before sample `next`: no gap since, and the device was heard. */
function valueAt(series: Series, next: number, at: number): number | null {
  const { t, v } = series.slice(next - 1, next);
  if (t.length === 0 || series.heardUntil < at) return null;
  return series.gaps(t[0]!, at).some((gap) => gap.from >= t[0]!) ? null : v[0]!;
}

/** Counts a gram of the cell, where it was calibrated here. */
function scaleOf({ calibrations }: State, channel: string): number | null {
  const own = calibrations[channel];
  const derived = Object.values(calibrations).find(({ data }) => channel === `math/${data.device}-cal`);
  return (own ?? derived)?.data.scale ?? null;
}
