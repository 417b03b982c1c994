/** What a room would have of a rig's services as channels: they are asked for some seconds, as they are in a room. */
import { setTimeout as pause } from 'node:timers/promises';
import { serviceSpecOf, type Profile } from '../../../common/profile/index.ts';
import type { CapturedSamples } from '../../../main/ladder/context.ts';
import { createServices } from '../../../main/services/index.ts';

/** A part passes each 2.6 to 3.8 s, and is answered within half a second. */
const watchedMs = 5_000;

export interface WatchedServices {
  samples(channel: string, from: number, to: number): CapturedSamples | null;
  close(): Promise<void>;
}

/** `now`: microseconds since 1970. Answers when they were asked for long enough. */
export async function watchServices(profile: Profile, now: () => number): Promise<WatchedServices> {
  const services = createServices({ platform: { clock: { now } } });
  const kept = new Map<string, { t: number[]; v: number[] }>();
  services.onBlocks((blocks) => {
    for (const { channel, t, v } of blocks) {
      const own = kept.get(channel) ?? { t: [], v: [] };
      kept.set(channel, own);
      own.t.push(...t);
      own.v.push(...v);
    }
  });
  for (const service of profile.services) services.connect({ ...serviceSpecOf(service), everyMs: 100 });
  await pause(watchedMs);
  // A room asks since before what it is asked about; what it would have of that is as what is had of these seconds.
  const since = now() - 60e6;
  return {
    samples(channel, from, to) {
      const own = kept.get(channel);
      if (!own) return null;
      const inside = own.t.map((t, i) => [t, own.v[i]!] as const).filter(([t]) => t >= from && t < to);
      const [t, v] = [
        Float64Array.from(inside, ([at]) => at),
        Float64Array.from(inside, ([, value]) => value),
      ];
      return { t, v, since };
    },
    close: () => services.close(),
  };
}
