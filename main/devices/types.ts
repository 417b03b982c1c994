import type { DeviceHealth, DeviceLink, DeviceSpec, ProbeReport } from '../../common/contract/devices.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { Watchable } from '../../common/lib/watch.ts';
import type { DeviceLoss, DevicePast, PortInfo } from '../../common/wire/device-messages.ts';
import type { RejectedBytes, SampleBlock } from '../../common/wire/types.ts';
import type { BulkStream } from '../platform/call.ts';
import type { Platform } from '../platform/types.ts';

export interface DevicesDeps {
  platform: Pick<Platform, 'fork' | 'clock' | 'anchor'>;
  log?: (message: string) => void;
}

/**
 * A device is heard, or no longer. `at` (microseconds since 1970) of `lost` is when it was last heard: from there until the
 * `at` of the next `connected` its data is missing.
 */
export interface DeviceLinkEvent {
  device: string;
  name: string;
  /** The dialect. */
  kind: DeviceSpec['dialect'];
  /** serial:/dev/ttyACM0, tcp:127.0.0.1:9000 */
  link: string;
  /** vid:pid:serial number, where it is known. */
  identity?: string;
  channels: ChannelInfo[];
  state: 'connected' | 'lost';
  at: number;
  reason: string;
}

/** A device's lines told channels of it that were not known. It comes before their first block. */
export interface DeviceChannelsEvent {
  device: string;
  name: string;
  added: ChannelInfo[];
  /** All of them by now. */
  channels: ChannelInfo[];
}

/** All sensors of this host. */
export interface Devices {
  /** Takes a device on; it is connected, and connected again after each loss, until `disconnect`. Throws `taken` for an id or link in use. */
  connect(spec: DeviceSpec): void;
  /**
   * What a device sent before its link was open, told when it is open and nothing came through it yet: later it is nobody's.
   * It comes as the first blocks of the device.
   */
  tellPast(device: string, past: DevicePast): void;
  /** Resolves when its port is free. Throws `not-found`. */
  disconnect(id: string): Promise<void>;
  /**
   * Listens on a link and says what speaks there, until the report of the phase `done`; returning from the iteration
   * ends it.
   */
  probe(link: DeviceLink, signal: AbortSignal | undefined): AsyncIterable<ProbeReport>;
  /** The device's bytes as they are read, over a stream that `open` gives; answers its id. Throws `not-found`. */
  openRaw(id: string, open: () => BulkStream): number;
  list(): DeviceSpec[];
  readonly health: Watchable<DeviceHealth[]>;
  /** Blocks of samples every 20 ms or so. Answers how to stop listening, as those below do. */
  onBlocks(listener: (blocks: SampleBlock[]) => void): () => void;
  onRejected(listener: (rejected: RejectedBytes) => void): () => void;
  onLink(listener: (event: DeviceLinkEvent) => void): () => void;
  onChannels(listener: (event: DeviceChannelsEvent) => void): () => void;
  onLost(listener: (loss: DeviceLoss) => void): () => void;
  /** The system's serial ports. Rejects with `unavailable`. */
  ports(): Promise<PortInfo[]>;
  close(): Promise<void>;
}
