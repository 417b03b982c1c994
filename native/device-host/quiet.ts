import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { LinkProblem } from '../../common/wire/device-messages.ts';

/**
 * The heartbeat of a link: real adapters may go silent without closing. The beam sends a line each second and a cell ten
 * or more, so two seconds without an accepted line mean that nobody is there, although the port is open (and stays so).
 * What speaks on change only is never called silent; when bytes come that are none of its lines, that is told. What
 * speaks more slowly than was thought is called lost once, and then waited for as long as it takes.
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

/** As long as two and a half of the longest of its last intervals it may be silent, where nobody said how long. */
const remembered = 8;
const patience = 2.5;
const longestWait = 600;

/** Seconds without an accepted line after which it counts as lost; 0: never. */
export function heartbeatOf({ dialect, heartbeat }: DeviceSpec): number {
  return heartbeat ?? heartbeats[dialect] ?? usualHeartbeat;
}

export function createQuietWatch(): QuietWatch {
  let openedAt = 0;
  let heardAt = 0;
  let bytesCame = false;
  /** Between lines of this connection, microseconds. */
  let intervals: number[] = [];

  function secondsOf(spec: DeviceSpec): number {
    const heartbeat = heartbeatOf(spec);
    const usual = heartbeat === 0 ? firstQuiet : heartbeat;
    if (heardAt <= openedAt) return Math.max(firstQuiet, usual);
    if (spec.heartbeat !== undefined) return usual;
    return Math.max(usual, Math.min(longestWait, (patience * Math.max(0, ...intervals)) / 1e6));
  }

  return {
    opened(now) {
      openedAt = now;
      bytesCame = false;
      intervals = [];
    },
    bytes: () => void (bytesCame = true),
    heard(now) {
      if (heardAt > openedAt) intervals = [...intervals.slice(1 - remembered), now - heardAt];
      heardAt = now;
      bytesCame = false;
    },
    lastSign: () => Math.max(openedAt, heardAt),
    check(now, spec) {
      const seconds = secondsOf(spec);
      if (now - Math.max(openedAt, heardAt) <= seconds * 1e6) return null;
      if (bytesCame)
        return {
          code: 'garbled',
          message: `For ${shown(seconds)} s nothing that ${spec.dialect} knows came, only other bytes. The port stays open.`,
          hint: 'Check the baud rate and the kind of device, or let it be found by its lines.',
        };
      if (heartbeatOf(spec) === 0) return null;
      return {
        code: 'quiet',
        message: `Silent for ${shown(seconds)} s, though the port is open and stays so.`,
        hint: "Check the device's power and firmware, and the cable.",
      };
    },
  };
}

const shown = (seconds: number) => Number(seconds.toFixed(1));
