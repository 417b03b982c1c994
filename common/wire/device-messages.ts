import type { DeviceHealth, DeviceLink, DeviceSpec, ProbeReport } from '../contract/devices.ts';
import type { DialectColumn, RejectedBytes, Remark, SampleBlock } from './types.ts';

/** What the host and the device-host say to each other (structured clone). */

/** A serial port of this machine as the system lists it (a PTY never is). */
export interface PortInfo {
  path: string;
  manufacturer?: string;
  serialNumber?: string;
  vendorId?: string;
  productId?: string;
}

export type LinkProblem = NonNullable<DeviceHealth['problem']>;

/** The part of a device's health that its process knows; counts are since that process took the device on. */
export type LinkHealth = Pick<
  DeviceHealth,
  | 'id'
  | 'link'
  | 'identity'
  | 'state'
  | 'problem'
  | 'bytesPerSecond'
  | 'linesPerSecond'
  | 'rejectedBytes'
  | 'rejectedLines'
  | 'reconnects'
  | 'lastHeard'
>;

/** Bytes of a device as they were read by `at`, in order. */
export interface RawBytes {
  device: string;
  at: number;
  bytes: Uint8Array;
  /** Bytes before these that are left out because the host did not take them in time. */
  dropped: number;
}

/** Samples or events known to be missing while the link stood: `count` of them, noticed at `at`. */
export interface DeviceLoss {
  device: string;
  /** Channel ids. */
  channels: string[];
  at: number;
  count: number;
  reason: string;
  /** Where one whole block of one channel was lost: its number, and the times of its first and last sample. */
  seq?: number;
  from?: number;
  to?: number;
}

/**
 * What a device sent before it was connected, in the chunks in which it was read: chunk `i` is `bytes` from the end of the
 * one before up to `ends[i]`, and was read at `at[i]` (microseconds on the host's axis, rising).
 */
export interface DevicePast {
  bytes: Uint8Array;
  ends: Uint32Array;
  at: Float64Array;
}

export type ToDeviceHost =
  /** First of all: the host's time axis (`wall` microseconds since 1970 at `hrtime` nanoseconds, as a decimal string). */
  | { kind: 'start'; anchor: { wall: number; hrtime: string } }
  /** `blockSeqs`: the number of the next block per channel, where the device was known before. */
  | { kind: 'connect'; spec: DeviceSpec; blockSeqs: Record<string, number> }
  /** What the device sent before its link was open. Nobody's when something was heard through the link already. */
  | { kind: 'past'; device: string; past: DevicePast }
  | { kind: 'disconnect'; device: string }
  | { kind: 'ports'; request: number }
  | { kind: 'probe'; probe: number; link: DeviceLink }
  /** The probe ends at once; its `done` follows. */
  | { kind: 'probe.cancel'; probe: number }
  /** Whether anybody looks at the bytes of the device as they come. Known also for a device that is connected later. */
  | { kind: 'raw'; device: string; on: boolean }
  /** The host has taken so many raw bytes of the device. */
  | { kind: 'raw.ack'; device: string; bytes: number }
  /** The host has taken samples of `bytes` bytes: what is unacknowledged is bounded. */
  | { kind: 'ack'; bytes: number };

export type FromDeviceHost =
  | { kind: 'blocks'; blocks: SampleBlock[]; bytes: number }
  /** Comes before the first block of such a column. */
  | { kind: 'columns'; device: string; columns: DialectColumn[] }
  | { kind: 'remarks'; device: string; remarks: Remark[] }
  | { kind: 'raw'; raw: RawBytes }
  /** The last report has the phase `done`. */
  | { kind: 'probe'; probe: number; report: ProbeReport }
  | { kind: 'rejected'; rejected: RejectedBytes }
  /**
   * The device is heard, or no longer. `at` of `lost` is when it was last heard (or connected, if it never was):
   * from there on data is missing until the next `connected`.
   */
  | {
      kind: 'link';
      device: string;
      state: 'connected' | 'lost';
      at: number;
      reason: string;
      link: string;
      identity?: string;
    }
  | ({ kind: 'lost' } & DeviceLoss)
  | { kind: 'health'; health: LinkHealth[] }
  | { kind: 'disconnected'; device: string }
  | { kind: 'ports'; request: number; ports: PortInfo[]; problem: LinkProblem | null };
