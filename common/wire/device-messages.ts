import type { DeviceHealth, DeviceSpec } from '../contract/devices.ts';
import type { RejectedBytes, SampleBlock } from './types.ts';

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
export type LinkHealth = Omit<DeviceHealth, 'name' | 'dialect' | 'channels'>;

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

export type ToDeviceHost =
  /** First of all: the host's time axis (`wall` microseconds since 1970 at `hrtime` nanoseconds, as a decimal string). */
  | { kind: 'start'; anchor: { wall: number; hrtime: string } }
  /** `blockSeqs`: the number of the next block per channel, where the device was known before. */
  | { kind: 'connect'; spec: DeviceSpec; blockSeqs: Record<string, number> }
  | { kind: 'disconnect'; device: string }
  | { kind: 'ports'; request: number }
  /** The host has taken samples of `bytes` bytes: what is unacknowledged is bounded. */
  | { kind: 'ack'; bytes: number };

export type FromDeviceHost =
  | { kind: 'blocks'; blocks: SampleBlock[]; bytes: number }
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
