import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { Actor } from '../../common/ledger/types.ts';
import type { Ledger } from '../ledger/types.ts';

/** A link came up or went down, as the devices room reports it. Times in microseconds since 1970. */
export interface LinkEvent {
  device: string;
  kind: string;
  name: string;
  link: string;
  state: 'connected' | 'lost';
  at: number;
  reason: string;
  identity?: string;
  channels: ChannelInfo[];
}

/** Writes what happens to links into the ledger, in the order it happened. (The gap between is the capture's to tell.) */
export function createDeviceLog(ledger: Ledger, failed: (error: unknown) => void) {
  return (event: LinkEvent): void => {
    const actor: Actor = { kind: 'sensor', id: event.device, role: 'sensor' };
    const { device, kind, name, link, channels, identity, reason } = event;
    const written =
      event.state === 'lost'
        ? ledger.append({ type: 'device.disconnected', data: { device, reason }, actor })
        : ledger.append({
            type: 'device.connected',
            data: { device, kind, name, link, channels, ...(identity && { identity }) },
            actor,
          });
    written.catch(failed);
  };
}

/** Writes that a device's lines told channels of it: `channels` are all that it has by now. */
export function createChannelLog(ledger: Ledger, failed: (error: unknown) => void) {
  return ({ device, channels }: { device: string; channels: ChannelInfo[] }): void => {
    const actor: Actor = { kind: 'sensor', id: device, role: 'sensor' };
    ledger.append({ type: 'device.channels', data: { device, channels }, actor }).catch(failed);
  };
}
