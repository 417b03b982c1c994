import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callBy } from '../../test/fakes/call.ts';
import { technician } from '../../test/fakes/memory-ledger.ts';
import { openSignalsRoom, start, type SignalsRoom } from '../../test/fakes/signals-room.ts';
import { seeded } from '../../test/fakes/seeded.ts';

let room: SignalsRoom;
let random: () => number;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  room = await openSignalsRoom();
  random = seeded(3);
  now = 0;
});
afterEach(() => void vi.useRealTimers());

let now = 0;
const top = 8_388_607;
/** An empty scale's counts: the chip's noise. */
const idle = () => Math.round(-84_000 + 100 * (random() + random() + random() - 1.5));
/** So many seconds of the cell at 80/s, block by block, and the host's time with them. `null`: nothing comes. */
function run(seconds: number, counts: (() => number | null) | null = idle): void {
  for (const end = now + seconds * 1000; now < end; now += 100) {
    const pairs = Array.from({ length: 8 }, (_, i): [number, number | null] => [
      now + i * 12.5,
      counts?.() ?? null,
    ]).filter((pair): pair is [number, number] => pair[1] !== null);
    if (pairs.length > 0) room.push('cell/raw', ...pairs);
    room.until(now + 100);
  }
}
const faults = () => room.signals().faults.state.get();
const findings = () => room.ledger.of('check.found');
const micros = (ms: number) => start + ms * 1000;

it('what a device printed before it was connected is not looked at', () => {
  room.until(60_000);
  const past = Array.from({ length: 800 }, (_, i): [number, number] => [i * 12.5, i < 400 ? idle() : top]);
  room.push('cell/raw', ...past);
  room.until(60_200);
  expect(faults()).toEqual([]);
  now = 60_200;
  run(12);
  expect(faults()).toEqual([]);
  run(1, () => top);
  expect(faults().map(({ fault }) => fault)).toEqual(['saturated']);
});

describe('a fault that is seen', () => {
  it('is told, found on the rung of the tools with what shows it, and its end is written down', async () => {
    run(10);
    expect(faults()).toEqual([]);
    run(1, () => top);
    expect(faults()).toMatchObject([
      {
        id: 'saturated cell/raw',
        fault: 'saturated',
        device: 'cell',
        channel: 'cell/raw',
        channels: ['cell/raw'],
        times: 1,
        cleared: false,
      },
    ]);
    const found = await room.ledger.next('check.found');
    expect(found.head).toMatchObject({ rung: 3, actor: { kind: 'system' } });
    expect(found.body.data).toMatchObject({ check: 'saturated cell/raw', result: 'fail' });
    expect(found.body.data.says).toMatch(
      /^Saturated: .* \(cell\/raw\)\. \d+ samples within a second stand at 8388607/,
    );
    const [capture, picture] = found.body.evidence;
    expect([capture!.media, picture!.media]).toEqual(['application/vnd.mcap', 'image/svg+xml']);
    expect(readFileSync(room.locker.path(picture!.sha256), 'utf8')).toContain('Raw cell/raw');
    await vi.waitFor(() => expect(faults()[0]!.finding).toBe(found.head.id));

    const { since, from } = faults()[0]!;
    expect(Math.abs(from - micros(10_000))).toBeLessThan(20_000);
    expect(since - from).toBeLessThan(500_000);
    run(5, () => top);
    expect(faults()[0]!.to - micros(now)).toBeGreaterThan(-1_200_000);
    run(7);
    expect(faults()).toHaveLength(1);
    run(3);
    expect(faults()).toEqual([]);
    run(28);
    expect(room.ledger.of('check.cleared')).toEqual([]);
    run(4);
    const { finding, channel, to, times } = (await room.ledger.next('check.cleared')).body.data;
    expect({ finding, channel, times }).toEqual({ finding: found.head.id, channel: 'cell/raw', times: 1 });
    expect(Math.abs(to - micros(17_000))).toBeLessThan(200_000);
    expect(findings()).toHaveLength(1);
  });

  it('and comes and goes has one finding in five minutes, and is counted', async () => {
    run(10);
    for (let i = 0; i < 5; i++) {
      run(1, () => top);
      expect(faults()[0]!.times).toBe(i + 1);
      run(15);
    }
    run(30);
    const { times } = (await room.ledger.next('check.cleared')).body.data;
    expect([times, findings().length]).toEqual([5, 1]);
    // It is over, and stays within the five minutes: then it has another one.
    run(10, () => top);
    expect(faults()[0]!.times).toBe(6);
    run(170, () => top);
    expect(findings()).toHaveLength(1);
    run(20, () => top);
    await vi.waitFor(() => expect(findings()).toHaveLength(2));
    expect(faults()[0]!.times).toBe(1);
  });

  it('has no second finding when the incident is opened again', async () => {
    run(10);
    run(1, () => top);
    const { head } = await room.ledger.next('check.found');
    await room.reopen();
    expect(faults()).toEqual([]);
    run(5);
    run(1, () => top);
    expect(faults()).toMatchObject([{ finding: head.id }]);
    await room.reopen();
    expect(findings()).toHaveLength(1);
  });
});

describe('silence', () => {
  it('is told, and not while something comes that nobody understands', async () => {
    run(5);
    for (let i = 0; i < 5; i++) {
      run(1, null);
      room.devices.reject('cell', now);
    }
    expect(faults()).toEqual([]);
    run(2, null);
    expect(faults()).toMatchObject([{ fault: 'quiet', channel: 'cell/raw' }]);
    await room.ledger.next('check.found');
  });

  it('of a device that is left on purpose is none', () => {
    run(5);
    run(2, null);
    expect(faults()).toHaveLength(1);
    room.devices.leave('cell');
    run(0.1, null);
    expect(faults()).toEqual([]);
    run(5, null);
    expect(faults()).toEqual([]);
  });
});

it('is watched by whoever may read', async () => {
  run(10);
  run(1, () => top);
  const stop = new AbortController();
  for await (const list of await room.api.watchFaults(undefined, {
    ...callBy(technician),
    signal: stop.signal,
  })) {
    expect(list.map(({ fault }) => fault)).toEqual(['saturated']);
    stop.abort();
  }
});

describe('a cell whose signs are inverted within its first seconds', () => {
  const counts = (of: number) => run(2, () => of * idle());

  it('is named where its zero is known by calibration', async () => {
    counts(1);
    await room.ledger.append({
      type: 'device.calibrated',
      data: {
        device: 'cell',
        channel: 'cell/raw',
        offset: -84_000,
        scale: 400,
        rms: 0.1,
        points: [],
        says: [],
      },
      actor: technician,
    });
    counts(1);
    counts(-1);
    expect(faults()).toMatchObject([{ fault: 'inverted' }]);
  });

  it('is not named otherwise', () => {
    counts(1);
    counts(1);
    counts(-1);
    expect(faults()).toEqual([]);
  });
});
