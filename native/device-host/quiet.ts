import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { LinkProblem } from '../../common/wire/device-messages.ts';

/**
 * The heartbeat of a link: real adapters may go silent without closing. The beam sends a line each second and a cell ten
 * or more, so two seconds without an accepted line mean that nobody is there, although the port is open (and stays so).
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

const longestQuiet = 2_000_000;
/** Many boards restart when their port is opened and say nothing at first. */
const firstQuiet = 5_000_000;

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
      const limit = heardAt > openedAt ? longestQuiet : firstQuiet;
      if (now - Math.max(openedAt, heardAt) <= limit) return null;
      const seconds = limit / 1e6;
      if (bytesCame)
        return {
          code: 'garbled',
          message: `For ${seconds} s nothing that ${spec.dialect} knows came, only other bytes. The port stays open.`,
          hint: 'Check the baud rate and the kind of device.',
        };
      return {
        code: 'quiet',
        message: `Silent for ${seconds} s, though the port is open and stays so.`,
        hint: "Check the device's power and firmware, and the cable.",
      };
    },
  };
}
