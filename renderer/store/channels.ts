import type { z } from 'zod';
import type { captureChannel } from '../../common/contract/capture.ts';

type Reported = z.infer<typeof captureChannel>;

/** A captured signal, with its rate. */
export type CaptureChannel = Reported & {
  /** Samples a second over the last stretch that was long enough; null before there was one. */
  perSecond: number | null;
  /** Where the stretch that is being measured began. */
  since: { samples: number; last: number };
};

/** Over a shorter time a rate is too coarse to show, microseconds. */
const leastSpan = 1_000_000;

/** The reported channels with their rates, from what they were before. */
export function channelsWithRates(before: CaptureChannel[], reported: Reported[]): CaptureChannel[] {
  const known = new Map(before.map((channel) => [channel.id, channel]));
  return reported.map((channel) => withRate(channel, known.get(channel.id)));
}

function withRate(now: Reported, before: CaptureChannel | undefined): CaptureChannel {
  const here = { samples: now.samples, last: now.last };
  // Before its first sample a channel has no time to count from.
  if (!before || before.since.last === 0) return { ...now, perSecond: null, since: here };
  const { since } = before;
  const span = now.last - since.last;
  if (span < leastSpan) return { ...now, perSecond: before.perSecond, since };
  return { ...now, perSecond: ((now.samples - since.samples) / span) * 1e6, since: here };
}
