import { joinBytes } from './join-bytes.ts';
import type { RawBytes } from '../../common/wire/device-messages.ts';

/** A device's bytes as they come, for whoever looks at them. Keeps nothing while nobody does. */
export interface RawTap {
  look(on: boolean): void;
  /** `chunk` is copied. */
  add(chunk: Uint8Array): void;
  /** What came since the last time; null for nothing. */
  take(now: number): RawBytes | null;
  /** The host has taken `bytes` of them. */
  ack(bytes: number): void;
}

/** Bytes between two takes, and bytes that the host has not taken: what is over is dropped and counted. */
const mostAtOnce = 65_536;
const mostUnacknowledged = 262_144;

export function createRawTap(device: string): RawTap {
  let isLooked = false;
  let parts: Uint8Array[] = [];
  let waiting = 0;
  let unacknowledged = 0;
  /** Dropped before what waits, and after it. */
  let before = 0;
  let after = 0;

  function clear(): void {
    parts = [];
    waiting = 0;
    before = after;
    after = 0;
  }

  return {
    look(on) {
      isLooked = on;
      clear();
      unacknowledged = before = 0;
    },
    add(chunk) {
      if (!isLooked) return;
      const room = Math.min(mostAtOnce - waiting, mostUnacknowledged - unacknowledged - waiting);
      // Once something is left out, so is all until the next take: there is one hole, and it is told where it is.
      const taken = after > 0 ? 0 : Math.max(0, Math.min(room, chunk.length));
      if (taken > 0) parts.push(chunk.slice(0, taken));
      waiting += taken;
      after += chunk.length - taken;
    },
    take(now) {
      if (waiting === 0) {
        before += after;
        after = 0;
        return null;
      }
      const raw = { device, at: now, bytes: joinBytes(parts), dropped: before };
      unacknowledged += waiting;
      clear();
      return raw;
    },
    ack: (bytes) => void (unacknowledged = Math.max(0, unacknowledged - bytes)),
  };
}
