import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callBy } from '../../test/fakes/call.ts';
import { technician } from '../../test/fakes/memory-ledger.ts';
import { openSignalsRoom, start, type SignalsRoom } from '../../test/fakes/signals-room.ts';

let room: SignalsRoom;
let time = 0;
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] });
  room = await openSignalsRoom();
  time = 0;
});
afterEach(() => void vi.useRealTimers());

const call = callBy(technician);
const state = () => room.signals().calibration.state.get();
const begin = (empty?: number) =>
  room.calibration.start({ channel: 'cell/raw', ...(empty !== undefined && { empty }) }, call);

/** Samples for so many milliseconds, one each 10 ms, 10 counts above and below `counts` in turn. */
function reads(counts: number, ms: number, slope = 0): void {
  const pairs = Array.from({ length: ms / 10 }, (_, i): [number, number] => [
    time + i * 10,
    counts + (i % 2 === 0 ? 10 : -10) + i * slope,
  ]);
  time += ms;
  for (let i = 0; i < pairs.length; i += 5) room.push('cell/raw', ...pairs.slice(i, i + 5));
  room.until(time);
}
/** The time of the last `ms` milliseconds. */
const last = (ms: number) => ({ window: { from: start + (time - ms) * 1000, to: start + time * 1000 } });

/** Takes what is pushed after it was asked for. */
async function taking<T>(asked: T | Promise<T>, push: () => void): Promise<T> {
  push();
  return asked;
}

describe('a calibration', () => {
  it('goes from the tare over known weights to an entry with its windows and a channel in grams', async () => {
    await begin();
    const tared = await taking(room.calibration.tare({ seconds: 1 }, call), () => reads(1000, 1010));
    expect(tared).toMatchObject({
      step: 'weights',
      taking: null,
      tare: { mean: 1000, samples: 100, from: start },
    });
    reads(41_000, 500);
    await room.calibration.addPoint({ weight: 100, ...last(500) }, call);
    reads(81_000, 500);
    const { fit } = await room.calibration.addPoint({ weight: 200, ...last(500) }, call);
    expect(fit).toMatchObject({ fits: true, problems: [] });
    expect(fit!.scale).toBeCloseTo(400, 9);
    const req = { bytes: '{}', sig: 'c2ln', key: 'a'.repeat(64) };
    const finished = await room.calibration.finish({}, callBy(technician, { req }));
    expect(finished.channel).toBe('math/cell-cal');
    expect(state().step).toBe('done');

    const [entry] = room.ledger.of('device.calibrated');
    expect(entry!.head).toMatchObject({ id: finished.id, actor: technician });
    expect(entry!.body.data).toMatchObject({ device: 'cell', channel: 'cell/raw', says: [] });
    expect(entry!.body.data.points.map(({ weight, samples }) => [weight, samples])).toEqual([
      [0, 100],
      [100, 50],
      [200, 50],
    ]);
    expect(entry!.body.evidence.map(({ media }) => media)).toEqual(new Array(3).fill('application/vnd.mcap'));
    // The signed request stands in the entry that was asked for, and in no other: its nonce is used once.
    expect(entry!.body.req).toEqual(req);
    expect(room.ledger.of('capture.derived')[0]!.body.req).toBeUndefined();
    expect(room.ledger.of('capture.derived')[0]!.body).toMatchObject({
      cause: finished.id,
      data: { unit: 'g', name: 'cell calibrated' },
    });
    reads(21_000, 100);
    expect(room.samples('math/cell-cal').at(-1)![1]).toBeCloseTo((21_000 - 10 - 1000) / 400, 6);
  });

  it('refuses a tare under load, where the cell was calibrated before, and says why until it is taken', async () => {
    const before = {
      device: 'cell',
      channel: 'cell/raw',
      offset: 1000,
      scale: 400,
      rms: 0,
      points: [],
      says: [],
    };
    await room.ledger.append({ type: 'device.calibrated', data: before, actor: technician });
    expect(await begin()).toMatchObject({ step: 'tare', empty: 1000 });
    reads(41_000, 500);
    await expect(room.calibration.tare(last(500), call)).rejects.toMatchObject({ code: 'refused' });
    expect(state()).toMatchObject({ step: 'tare', tare: null, problem: { code: 'loaded' } });
    reads(1100, 500);
    expect(await room.calibration.tare(last(500), call)).toMatchObject({ step: 'weights', problem: null });
  });

  it('refuses the very next samples while they move, and waits for steady ones where it has patience', async () => {
    await begin();
    const moving = taking(room.calibration.tare({ seconds: 0.5 }, call), () => reads(1000, 520, 50));
    await expect(moving).rejects.toMatchObject({ data: { reason: 'unsteady' } });
    const patient = await taking(room.calibration.tare({ seconds: 0.5, patience: 5 }, call), () => {
      reads(2000, 2000, 50);
      reads(1000, 1000);
    });
    // The first half second that is steady, told by the block that ends it.
    expect(patient.tare!.mean).toBeCloseTo(1000, 0);
    expect(patient.tare!.from).toBeGreaterThanOrEqual(start + 2_500_000);
    expect(patient.tare!.from).toBeLessThan(start + 2_600_000);
  });

  it('refuses when no samples come, or none that are steady for as long as its patience', async () => {
    await begin();
    const nothing = taking(
      room.calibration.tare({ seconds: 0.5 }, call),
      () => void vi.advanceTimersByTime(1500),
    );
    await expect(nothing).rejects.toMatchObject({ data: { reason: 'few' } });
    const moving = taking(room.calibration.tare({ seconds: 0.5, patience: 1 }, call), () =>
      reads(1000, 1600, 50),
    );
    await expect(moving).rejects.toMatchObject({ data: { reason: 'unsteady' } });
    expect(state()).toMatchObject({ taking: null, problem: { code: 'unsteady' } });
  });

  it('takes one load at a time, and lets go when it is called off', async () => {
    await begin();
    const asked = room.calibration.tare({ seconds: 1 }, call);
    expect(state().taking).toMatchObject({ weight: 0 });
    await expect(room.calibration.tare({}, call)).rejects.toMatchObject({ code: 'taken' });
    await room.calibration.cancel(undefined, call);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(state()).toMatchObject({ step: 'off', taking: null, problem: null });
    await expect(room.calibration.tare({}, call)).rejects.toMatchObject({ code: 'refused' });
  });

  it('does not come back with what was taken in the moment that it was called off', async () => {
    await begin();
    const asked = room.calibration.tare({ seconds: 0.5 }, call);
    reads(1000, 510);
    await room.calibration.cancel(undefined, call);
    await expect(asked).rejects.toMatchObject({ code: 'cancelled' });
    expect(state().step).toBe('off');
  });

  it('that does not fit is written down only by who says so, with what is odd about it', async () => {
    await begin();
    for (const [counts, weight] of [
      [1000, 0],
      [-38_000, 100],
      [-82_000, 200],
    ] as const) {
      reads(counts, 500);
      if (weight === 0) await room.calibration.tare(last(500), call);
      else await room.calibration.addPoint({ weight, ...last(500) }, call);
    }
    await expect(room.calibration.finish({}, call)).rejects.toMatchObject({ data: { reason: 'no-fit' } });
    expect(room.ledger.of('device.calibrated')).toEqual([]);
    await room.calibration.finish({ anyway: true }, call);
    const [{ body }] = room.ledger.of('device.calibrated') as [never];
    expect((body as { data: { says: string[] } }).data.says).toEqual([
      expect.stringContaining('sign is inverted'),
      expect.stringContaining('does not fit'),
    ]);
  });

  it('is for channels that weigh', async () => {
    const start = async (channel: string) => room.calibration.start({ channel }, call);
    await expect(start('gate/beam')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(start('cell/none')).rejects.toMatchObject({ code: 'not-found' });
  });
});
