import { expect, it } from 'vitest';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import { createRecord, healthOf, noteBlock, noteLink, stopRecord } from '../../main/devices/record.ts';
import { createReader } from '../../native/device-host/reader.ts';
import { seeded } from '../fakes/seeded.ts';

const start = 1_795_000_000_000_000;
const spec: DeviceSpec = {
  id: 'beam',
  name: 'Beam',
  dialect: 'beam-events',
  link: { by: 'path', path: '/dev/x', baud: 115_200 },
};

/** A board with an exact clock, read as a device-host reads it and noted as the host notes it, in time that the test makes. */
function watch(drift: number, deviceAtStart: number) {
  const reader = createReader(spec, {}, start);
  const record = createRecord(spec, undefined);
  const random = seeded(11);
  let sent = 0;
  let skipped = 0;
  let arrived = start;
  return {
    /** Its heartbeats of `seconds`, four a second, each up to 3 ms on its way. */
    run(seconds: number) {
      for (const end = sent + seconds * 4; sent < end; sent++) {
        const host = start + sent * 250_000;
        const micros = deviceAtStart + (sent * 250_000 + skipped) * (1 + drift / 1e6);
        arrived = Math.max(arrived + 1, host + random() * 3_000);
        const line = `H,0,${Math.floor(micros) % 2 ** 32},1\r\n`;
        reader.read(new TextEncoder().encode(line), arrived);
        for (const block of reader.takeBlocks()) noteBlock(record, block);
      }
    },
    jump: (micros: number) => (skipped += micros),
    health: () => healthOf(record, arrived),
    truth: () => deviceAtStart + (arrived - start + skipped) * (1 + drift / 1e6),
    record,
  };
}

it('measures a board whose clock is 35 ppm fast, also where its 32 bits begin anew', () => {
  const board = watch(35, 2 ** 32 - 100e6);
  board.run(8);
  expect(board.health().clock).toBeNull();
  board.run(292);
  const clock = board.health().clock!;
  expect(Math.abs(clock.drift - 35)).toBeLessThan(clock.driftUncertainty);
  expect(clock.driftUncertainty).toBeLessThan(2);
  expect(clock).toMatchObject({ jumps: 0, lastJump: null });
  // A minute later its clock is where the figures say that it will be.
  const { at, offset, drift } = clock;
  board.run(60);
  const later = board.health().clock!.at;
  const expected = later - offset + (drift / 1e6) * (later - at);
  expect(Math.abs(expected - board.truth())).toBeLessThan(
    clock.uncertainty + 60 * clock.driftUncertainty + 10,
  );
});

it('tells a jump, and measures from there anew', () => {
  const board = watch(-20, 5e6);
  board.run(60);
  board.jump(250_000);
  board.run(60);
  const clock = board.health().clock!;
  expect(clock.jumps).toBe(1);
  expect(Math.abs(clock.lastJump!.by - 250_000)).toBeLessThan(3_500);
  expect(clock.span).toBeLessThan(61);
  expect(Math.abs(clock.drift + 20)).toBeLessThan(clock.driftUncertainty);
});

it('counts the times without a device, the present one too, and none after it was taken off', () => {
  const { record } = watch(0, 0);
  const gaps = (seconds: number) => healthOf(record, start + seconds * 1e6).gaps;
  noteLink(record, 'connected', start);
  expect(gaps(5)).toEqual({ count: 0, micros: 0 });
  noteLink(record, 'lost', start + 10e6);
  expect(gaps(14)).toEqual({ count: 1, micros: 4e6 });
  noteLink(record, 'connected', start + 17e6);
  noteLink(record, 'lost', start + 20e6);
  noteLink(record, 'connected', start + 21e6);
  expect(gaps(30)).toEqual({ count: 2, micros: 8e6 });
  noteLink(record, 'lost', start + 30e6);
  stopRecord(record);
  expect(gaps(99)).toEqual({ count: 2, micros: 8e6 });
});
