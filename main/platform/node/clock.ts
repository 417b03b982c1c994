import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../common/lib/clock.ts';

/** Where a host's axis is anchored, so that its other processes can stand on the same axis. */
export interface ClockAnchor {
  boot: string;
  /** Microseconds since 1970 at `hrtime`. */
  wall: number;
  /** The system's monotonic clock then, nanoseconds as a decimal string (it is the same for all processes). */
  hrtime: string;
}

/** Anchors a new axis at this moment. */
export function anchorNow(): ClockAnchor {
  return { boot: randomUUID(), wall: Date.now() * 1000, hrtime: process.hrtime.bigint().toString() };
}

/** The clock of an anchored axis; the same in every process given the same anchor. */
export function createClock(anchor: ClockAnchor): Clock {
  const start = BigInt(anchor.hrtime);
  const mono = () => Number((process.hrtime.bigint() - start) / 1000n);
  return { boot: anchor.boot, mono, now: () => anchor.wall + mono() };
}
