import { idOfChannel, type Profile, type ProfileChannel } from '../../../common/profile/index.ts';
import type { CapturedSamples, CheckContext } from '../context.ts';

/** How far back a channel is looked at, seconds. */
const longestLook = 3_600;
/** As many samples as one look gives at most. */
const mostSamples = 1_000_000;

/** The moments at which a channel saw a part, microseconds since 1970. */
export interface ChannelParts {
  times: number[];
  /** From when on every part is among them. */
  from: number;
  to: number;
}

/** Null: nothing is captured of it. */
export function channelParts(context: CheckContext, channel: string): ChannelParts | null {
  const to = context.now();
  const from = to - longestLook * 1e6;
  const counted = countOf(context.profile, channel);
  const samples = context.samples(counted?.channel ?? channel, from, to);
  if (!samples) return null;
  const isFull = samples.t.length >= mostSamples;
  const covered = Math.max(from, samples.since, isFull ? samples.t[0]! : from);
  return { times: counted ? edgesOf(samples, counted) : stepsUp(samples), from: covered, to };
}

/** What captured channel a channel of the profile is counted from; the channel itself where it is none of those. */
export const sourceOf = (profile: Profile, channel: string): string =>
  countOf(profile, channel)?.channel ?? channel;

const countOf = ({ channels }: Profile, id: string): ProfileChannel['count'] =>
  channels.find((each) => each.count && idOfChannel(each) === id)?.count;

/** Edges through the level; one that follows another sooner than `apart` seconds is the same one. */
function edgesOf({ t, v }: CapturedSamples, count: NonNullable<ProfileChannel['count']>): number[] {
  const { edge, level = 0.5, apart } = count;
  const times: number[] = [];
  let last = -Infinity;
  for (let i = 1; i < t.length; i++) {
    const [before, now] = [v[i - 1]! >= level, v[i]! >= level];
    if (before === now || (edge === 'rising' && !now) || (edge === 'falling' && now)) continue;
    if (t[i]! - last >= apart * 1e6) times.push(t[i]!);
    last = t[i]!;
  }
  return times;
}

/** A channel that grows by one with each part. What falls has begun anew. */
function stepsUp({ t, v }: CapturedSamples): number[] {
  const times: number[] = [];
  for (let i = 1; i < t.length; i++) {
    const grown = Math.min(1_000, Math.round(v[i]! - v[i - 1]!));
    for (let step = 0; step < grown; step++) times.push(t[i]!);
  }
  return times;
}
