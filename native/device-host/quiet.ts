import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { LinkProblem } from '../../common/wire/device-messages.ts';

/**
 * The heartbeat of a link: real adapters may go silent without closing. The beam sends a line each second and a cell ten
 * or more, so two seconds without an accepted line mean that nobody is there, although the port is open (and stays so).
 * What speaks on change only is never called silent; when bytes come that are none of its lines, that is told.
 */
export interface QuietWatch {
  /** A connection was opened. */
  opened(now: number): void;
  /** Bytes came, understood or not. */
  bytes(): void;
  /** A line was accepted. */
  heard(now: number): void;
  /** When the device was last known to be there: the last accepted line, or else the opening. */
  lastSign(): number;
  /** Why it counts as lost, or null. */
  check(now: number, spec: DeviceSpec): LinkProblem | null;
}

const usualHeartbeat = 2;
const heartbeats: Partial<Record<DeviceSpec['dialect'], number>> = {
  tegrastats: 5,
  'beam-text': 0,
  'beam-level': 0,
};
/** Many boards restart when their port is opened and say nothing at first. */
const firstQuiet = 5;

/** Seconds without an accepted line after which it counts as lost; 0: never. */
export function heartbeatOf({ dialect, heartbeat }: DeviceSpec): number {
  return heartbeat ?? heartbeats[dialect] ?? usualHeartbeat;
}

export function createQuietWatch(): QuietWatch {
  let openedAt = 0;
  let heardAt = 0;
  let bytesCame = false;
  return {
    opened(now) {
      openedAt = now;
      bytesCame = false;
    },
    bytes: () => void (bytesCame = true),
    heard(now) {
      heardAt = now;
      bytesCame = false;
    },
    lastSign: () => Math.max(openedAt, heardAt),
    check(now, spec) {
      const heartbeat = heartbeatOf(spec);
      const usual = heartbeat === 0 ? firstQuiet : heartbeat;
      const seconds = heardAt > openedAt ? usual : Math.max(firstQuiet, usual);
      if (now - Math.max(openedAt, heardAt) <= seconds * 1e6) return null;
      if (bytesCame)
        return {
          code: 'garbled',
          message: `For ${seconds} s nothing that ${spec.dialect} knows came, only other bytes. The port stays open.`,
          hint: 'Check the baud rate and the kind of device, or let it be found by its lines.',
        };
      if (heartbeat === 0) return null;
      return {
        code: 'quiet',
        message: `Silent for ${seconds} s, though the port is open and stays so.`,
        hint: "Check the device's power and firmware, and the cable.",
      };
    },
  };
}
