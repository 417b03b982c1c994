import type { ValueAt } from '../../common/contract/capture.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Series } from '../../common/signal/series.ts';
import type { Capture } from './types.ts';

/** The sample of each channel that counts at `at`. Throws `not-found` for an unknown channel. */
export function valuesAt(source: Pick<Capture, 'series'>, channels: string[], at: number): ValueAt[] {
  return channels.map((channel) => {
    const series = source.series(channel);
    if (!series)
      throw new WarroomError(
        'not-found',
        `The capture has no channel ${channel}.`,
        'Connect its device first.',
      );
    return { channel, ...lastOf(series, at) };
  });
}

function lastOf(series: Series, at: number): Omit<ValueAt, 'channel'> {
  let next = series.indexAt(at);
  while (series.timeAt(next) === at) next++;
  const { t, v } = series.slice(next - 1, next);
  const [time, value] = [t[0], v[0]];
  if (time === undefined || value === undefined) return { t: null, v: null, isHeld: false };
  return { t: time, v: Number.isFinite(value) ? value : null, isHeld: isHeld(series, time, at) };
}

/** Nothing is known to be missing since the sample, and the device was heard after the moment. */
function isHeld(series: Series, time: number, at: number): boolean {
  if (series.lostSince !== null && series.lostSince < at) return false;
  if (series.heardUntil < at) return false;
  return !series.gaps(time, at).some((gap) => gap.from >= time);
}
