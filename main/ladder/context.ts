import type { Baseline } from '../../common/baseline/index.ts';
import type { SignalFault } from '../../common/contract/signals.ts';
import type { DeviceHealth } from '../../common/contract/devices.ts';
import type { Profile, SecretName } from '../../common/profile/index.ts';
import type { AskHttp } from './http/types.ts';

/** Samples in order, and since when the channel is captured at all. */
export interface CapturedSamples {
  /** Microseconds since 1970. */
  t: Float64Array;
  v: Float64Array;
  since: number;
}

/** What the checks of one run share. Whatever reads the system goes through here, so that it is bounded and ends with the run. */
export interface CheckContext {
  profile: Profile;
  /** Ends with the run and with the check's own time. */
  signal: AbortSignal;
  /** The host's time axis, microseconds since 1970. */
  now(): number;
  http: AskHttp;
  /** The devices of this room as they are; empty where there is no room. */
  devices(): DeviceHealth[];
  /** The named faults that their sensors show now. */
  faults(): SignalFault[];
  /**
   * What was captured of a channel in [from, to), microseconds since 1970; null where nothing is captured under that name. At
   * most a million samples.
   */
  samples(channel: string, from: number, to: number): CapturedSamples | null;
  /** What healthy looked like, taken before; null where none was. */
  baseline(): Baseline | null;
  /** A key of this machine by its name; null where there is none. It stands in no finding and no evidence. */
  secret(name: SecretName): Promise<string | null>;
  /** Makes a thing once a run: what several checks look at is asked for once, and is the same for all of them. */
  once<T>(key: string, make: (signal: AbortSignal) => Promise<T>): Promise<T>;
}
