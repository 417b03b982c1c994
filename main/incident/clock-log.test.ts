import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceClock } from '../../common/contract/devices.ts';
import { declaration, ledgerTests } from '../../test/fakes/ledger-room.ts';
import { createClockLog } from './clock-log.ts';

const tests = ledgerTests();
afterEach(() => tests.clear());

const start = 1_795_000_000_000_000;
const known: DeviceClock = {
  at: start,
  offset: start - 5_000_000,
  drift: 35.04,
  uncertainty: 41.2,
  driftUncertainty: 0.61,
  span: 60,
  jumps: 0,
  lastJump: null,
};
/** The same clock `seconds` later. */
const later = (seconds: number, more: Partial<DeviceClock> = {}): DeviceClock => {
  const at = start + seconds * 1e6;
  return { ...known, at, offset: known.offset - 35.04 * seconds, ...more };
};

/** What the log wrote of one device that was heard with these clocks, in order. */
async function written(clocks: (DeviceClock | null)[]): Promise<Record<string, unknown>[]> {
  const { room, note } = await tests.room();
  const ledger = tests.track(await room.declare(declaration));
  const failures: unknown[] = [];
  const log = createClockLog(ledger, (error) => failures.push(error));
  const from = ledger.size;
  for (const clock of clocks) log({ id: 'cell', clock });
  await note(ledger, 'after');
  expect(failures).toEqual([]);
  const entries = ledger.range(from, ledger.size).filter(({ head }) => head.type === 'device.clock');
  for (const { head } of entries) expect(head.actor.id).toBe('cell');
  return entries.map(({ body }) => body.data);
}

describe('how clocks of devices run', () => {
  it('is written when it is first known, and not again while it stays', async () => {
    const vague = { ...known, driftUncertainty: 90, span: 12 };
    expect(await written([null, vague, known, later(30), later(90), later(3600)])).toEqual([
      {
        device: 'cell',
        at: start,
        offset: start - 5_000_000,
        drift: 35,
        uncertainty: 42,
        driftUncertainty: 0.7,
      },
    ]);
  });

  it('is written again when the drift changed by more than it is uncertain, at most once a minute', async () => {
    const entries = await written([
      known,
      later(59, { drift: 60 }),
      later(61, { drift: 60 }),
      later(70, { drift: 35 }),
      later(122, { drift: 35 }),
      later(190, { drift: 50, driftUncertainty: 8 }),
    ]);
    expect(entries.map(({ at }) => ((at as number) - start) / 1e6)).toEqual([0, 61, 122]);
  });

  it('is written again when the offset is not where it should be', async () => {
    const off = later(120).offset + 6_000;
    expect(await written([known, later(90), later(120, { offset: off })])).toHaveLength(2);
  });

  it('is written with each jump, also one of a time when it was silent', async () => {
    const jumped = { jumps: 1, lastJump: { at: start + 20e6, by: 100_000.4 } };
    const entries = await written([known, later(31, jumped), null, later(65, jumped), later(130, jumped)]);
    expect(entries.map(({ jumpedBy }) => jumpedBy)).toEqual([undefined, 100_000]);
  });
});
