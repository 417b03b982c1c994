import type { DeviceClock, DeviceHealth } from '../../common/contract/devices.ts';
import type { Actor } from '../../common/ledger/types.ts';
import type { Ledger } from '../ledger/types.ts';

/** An entry of one device comes at most so often, in microseconds. */
const leastPause = 60_000_000;
/** A drift is worth an entry once it is known so well (ppm), or was measured for a minute. */
const wellKnown = 20;
const longKnown = 60;
/** The least changes that matter: of the drift in ppm, of the offset in microseconds. */
const driftChange = 5;
const offsetChange = 5_000;

interface Told {
  clock: DeviceClock;
  at: number;
}

/**
 * Writes into the ledger how each device's clock runs: when that is first known, and when it changed by more than it is
 * uncertain, or jumped. Called with each new health of the devices.
 */
export function createClockLog(ledger: Ledger, failed: (error: unknown) => void) {
  const told = new Map<string, Told>();

  return ({ id, clock }: Pick<DeviceHealth, 'id' | 'clock'>): void => {
    if (!clock) return;
    const before = told.get(id);
    if (before && clock.at - before.at < leastPause) return;
    const isKnown = clock.driftUncertainty <= wellKnown || clock.span >= longKnown;
    const jumped = before !== undefined && clock.jumps !== before.clock.jumps;
    if (!isKnown || (before && !jumped && !isChanged(before.clock, clock))) return;
    told.set(id, { clock, at: clock.at });
    const actor: Actor = { kind: 'sensor', id, role: 'sensor' };
    ledger
      .append({
        type: 'device.clock',
        data: {
          device: id,
          at: Math.round(clock.at),
          offset: Math.round(clock.offset),
          drift: toTenths(clock.drift),
          uncertainty: Math.ceil(clock.uncertainty),
          driftUncertainty: Math.ceil(clock.driftUncertainty * 10) / 10,
          ...(jumped && clock.lastJump && { jumpedBy: Math.round(clock.lastJump.by) }),
        },
        actor,
      })
      .catch(failed);
  };
}

const toTenths = (value: number) => Math.round(value * 10) / 10;

function isChanged(before: DeviceClock, now: DeviceClock): boolean {
  const drift = Math.abs(now.drift - before.drift);
  if (drift > Math.max(driftChange, 3 * (now.driftUncertainty + before.driftUncertainty))) return true;
  // Where the offset would be by now, had nothing changed: it shrinks while the device gains.
  const expected = before.offset - (before.drift / 1e6) * (now.at - before.at);
  const ranSince = (before.driftUncertainty / 1e6) * (now.at - before.at);
  return (
    Math.abs(now.offset - expected) >
    Math.max(offsetChange, 3 * (now.uncertainty + before.uncertainty + ranSince))
  );
}
