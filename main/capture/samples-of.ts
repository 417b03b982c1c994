import type { Capture } from './types.ts';

/** Of one channel at once. */
const most = 1_000_000;

/** What a capture has of a channel in [from, to), and since when it is captured; null for one that it does not have. */
export function samplesOf(
  capture: Pick<Capture, 'channels' | 'read'>,
  channel: string,
  from: number,
  to: number,
): { t: Float64Array; v: Float64Array; since: number } | null {
  const known = capture.channels.get().find(({ id }) => id === channel);
  if (!known || known.samples === 0) return null;
  const { t, v } = capture.read(channel, from, to, most);
  return { t, v, since: known.first };
}
