import type { ServiceHealth, ServiceSpec } from '../../common/contract/services.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { Watchable } from '../../common/lib/watch.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import type { Platform } from '../platform/types.ts';

export interface ServicesDeps {
  platform: { clock: Pick<Platform['clock'], 'now'> };
}

/** A service answers, or no longer; of the same form as the event of a device's link. */
export interface ServiceLinkEvent {
  device: string;
  kind: 'service';
  name: string;
  /** Its base URL. */
  link: string;
  channels: ChannelInfo[];
  state: 'connected' | 'lost';
  /** Microseconds since 1970. */
  at: number;
  reason: string;
}

/** All services under watch. What they answer are samples on the same axis as the sensors'. */
export interface Services {
  /** Takes a service on; it is asked until `disconnect`. Throws `taken` for a name in use. */
  connect(spec: ServiceSpec): void;
  /** Resolves when nothing of it is under way any more. Throws `not-found`. */
  disconnect(name: string): Promise<void>;
  list(): ServiceSpec[];
  readonly health: Watchable<ServiceHealth[]>;
  /** A service was taken on, before its first sample. Answers how to stop listening, as those below do. */
  onChannels(listener: (service: string, channels: ChannelInfo[]) => void): () => void;
  onBlocks(listener: (blocks: SampleBlock[]) => void): () => void;
  onLink(listener: (event: ServiceLinkEvent) => void): () => void;
  close(): Promise<void>;
}
