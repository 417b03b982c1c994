import { utf8 } from '../../../common/lib/bytes.ts';
import type { ProfileReading } from '../../../common/profile/index.ts';
import type { CapturedSamples, CheckContext } from '../context.ts';
import { channelParts } from './channel-parts.ts';
import type { ReadingResult } from './reading.ts';

type ChannelReading = Extract<ProfileReading, { by: 'channel' }>;

/** What a channel was in the window up to now. Of a count of steps its change is how many there were. */
export function readChannel(context: CheckContext, reading: ChannelReading): ReadingResult {
  const { channel, window, take } = reading;
  const to = context.now();
  const from = to - window * 1e6;
  const counted = channel.startsWith('count/') ? channelParts(context, channel) : null;
  const samples = counted
    ? stepsOf(counted.times, counted.from, from)
    : context.samples(channel, from, to + 1);
  if (!samples)
    return {
      says: `Nothing is captured of ${channel}.`,
      next: 'Connect what it comes from, then run this again.',
    };
  if (samples.since > from && take !== 'value')
    return {
      says: `${channel} is captured for ${((to - samples.since) / 1e6).toFixed(0)} of ${window} s.`,
      next: 'Wait until the window is full, then run it again.',
    };
  const value = valueOf(samples, take);
  const told = { channel, take, window, value, samples: samples.t.length };
  const bytes = utf8(JSON.stringify(told, null, 2));
  return { value, where: channel, evidence: [{ name: 'channel.json', media: 'application/json', bytes }] };
}

/** A count as the channel that it would be: it grows by one with each step. */
function stepsOf(times: number[], since: number, from: number): CapturedSamples {
  const within = times.filter((time) => time >= from);
  const v = [0, ...within.map((_, index) => index + 1)];
  return { t: Float64Array.from([from, ...within]), v: Float64Array.from(v), since };
}

function valueOf({ v }: CapturedSamples, take: ChannelReading['take']): number | null {
  if (take === 'samples') return v.length;
  if (v.length === 0) return null;
  switch (take) {
    case 'value':
      return v.at(-1)!;
    case 'change':
      return v.at(-1)! - v[0]!;
    case 'least':
      return v.reduce((least, value) => Math.min(least, value));
    case 'most':
      return v.reduce((most, value) => Math.max(most, value));
    case 'mean':
      return v.reduce((sum, value) => sum + value) / v.length;
  }
}
