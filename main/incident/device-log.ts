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
  channels: ChannelInfo[];
}

const host: Actor = { kind: 'system', id: 'host', role: 'system' };

/** Writes what happens to links into the ledger: what was connected, what was lost, and the gap between. */
export function createDeviceLog(ledger: Ledger, failed: (error: unknown) => void) {
  const lostAt = new Map<string, { at: number; reason: string }>();

  const note = async (event: LinkEvent) => {
    const sensor: Actor = { kind: 'sensor', id: event.device, role: 'sensor' };
    if (event.state === 'lost') {
      lostAt.set(event.device, { at: event.at, reason: event.reason });
      await ledger.append({
        type: 'device.disconnected',
        data: { device: event.device, reason: event.reason },
        actor: sensor,
      });
      return;
    }
    const { device, kind, name, link, channels } = event;
    const lost = lostAt.get(device);
    lostAt.delete(device);
    const back = ledger.append({
      type: 'device.connected',
      data: { device, kind, name, link, channels },
      actor: sensor,
    });
    if (lost) {
      const from = Math.floor(lost.at);
      const to = Math.floor(event.at);
      const data = {
        what: 'capture' as const,
        reason: lost.reason,
        channels: channels.map(({ id }) => id),
        from,
        to,
      };
      await ledger.append({ type: 'gap.lost', data, actor: host });
    }
    await back;
  };
  return (event: LinkEvent) => void note(event).catch(failed);
}
