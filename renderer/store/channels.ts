import type { z } from 'zod';
import type { captureChannel } from '../../common/contract/capture.ts';

/** A captured signal, with its rate. */
export type CaptureChannel = z.infer<typeof captureChannel> & {
  /** Samples a second between the last two reports in which it moved; null before there are two. */
  perSecond: number | null;
};

/** Under this much time between two reports a rate is too coarse to show, microseconds. */
const leastSpan = 400_000;

/** The reported channels with their rates, from what they were before. */
export function channelsWithRates(
  before: CaptureChannel[],
  reported: Omit<CaptureChannel, 'perSecond'>[],
): CaptureChannel[] {
  const known = new Map(before.map((channel) => [channel.id, channel]));
  return reported.map((channel) => ({ ...channel, perSecond: rateOf(channel, known.get(channel.id)) }));
}

function rateOf(now: Omit<CaptureChannel, 'perSecond'>, before: CaptureChannel | undefined): number | null {
  if (before && now.samples === before.samples) return before.perSecond;
  const since = before && now.last - before.last >= leastSpan ? before : null;
  if (since) return ((now.samples - since.samples) / (now.last - since.last)) * 1e6;
  if (before?.perSecond != null) return before.perSecond;
  const span = now.last - now.first;
  return span >= leastSpan ? ((now.samples - 1) / span) * 1e6 : null;
}
