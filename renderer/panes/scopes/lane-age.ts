/** Since when a lane has nothing new: a value that is old must not look like the present. */
import type { DeviceHealth } from '../../../common/contract/devices.ts';
import type { ServiceHealth } from '../../../common/contract/services.ts';
import type { CaptureChannel } from '../../store/channels.ts';

/** Intervals of its own that a channel may miss: one late answer is no silence. */
const missed = 4;
/** Reports of channels come a few times a second and over a link: what is younger is not told to be old. Microseconds. */
const leastSilence = 1_500_000;
const unknownRateSilence = 2_000_000;
/** These beams speak when their level changes, and never else: their silence says nothing. */
const onChangeOnly: readonly string[] = ['beam-text', 'beam-level'];

export interface LaneAge {
  /** Microseconds since the last sample, or since its device was heard where that tells that the level holds. */
  micros: number;
  /** That is too long. */
  isStale: boolean;
}

type Channel = Pick<CaptureChannel, 'id' | 'kind' | 'last' | 'perSecond'>;
export type DeviceFacts = Pick<DeviceHealth, 'id' | 'dialect' | 'lastHeard'> & {
  spec: Pick<DeviceHealth['spec'], 'heartbeat'>;
};
export type ServiceFacts = Pick<ServiceHealth, 'name'>;

/** Null before the first sample. `device` and `service`: what the channel is of, where it is known. */
export function laneAge(
  channel: Channel,
  now: number,
  device: DeviceFacts | undefined,
  service: ServiceFacts | undefined,
): LaneAge | null {
  // Edges of a step channel come when they come: its device's heartbeat tells whether it lives.
  const isHeld = channel.kind === 'step' && device !== undefined;
  const last = isHeld ? Math.max(channel.last, device.lastHeard) : channel.last;
  if (last === 0) return null;
  const micros = Math.max(0, now - last);
  if (isHeld && isOnChangeOnly(device)) return { micros, isStale: false };
  // The rate of edges is none of heartbeats; a service is asked at its own pace also for its levels.
  const rate = isHeld || (channel.kind === 'step' && !service) ? null : channel.perSecond;
  const most = rate ? Math.max(leastSilence, (missed * 1e6) / rate) : unknownRateSilence;
  return { micros, isStale: micros > most };
}

function isOnChangeOnly({ dialect, spec }: DeviceFacts): boolean {
  return spec.heartbeat === undefined ? onChangeOnly.includes(dialect) : spec.heartbeat === 0;
}

/** `12 s`, `3 min`, `2 h`: whole units, so that a number that nobody waits for does not flicker. */
export function ageText(micros: number): string {
  const seconds = Math.floor(micros / 1e6);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
