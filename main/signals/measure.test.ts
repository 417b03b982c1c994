import { beforeEach, expect, it } from 'vitest';
import { callBy } from '../../test/fakes/call.ts';
import { technician } from '../../test/fakes/memory-ledger.ts';
import { openSignalsRoom, start, type SignalsRoom } from '../../test/fakes/signals-room.ts';

let room: SignalsRoom;
beforeEach(async () => {
  room = await openSignalsRoom();
});

const call = callBy(technician);
const measure = (channels: string[], from: number, to: number, more = {}) =>
  room.api.measure({ channels, from: start + from * 1000, to: start + to * 1000, ...more }, call);

it('a window of several channels is measured, each with its unit', async () => {
  room.push('cell/weight', [0, 1], [100, 2], [200, 6], [300, 9]);
  room.push('gate/beam', [50, 1], [150, 0]);
  room.capture.heard('gate', start + 300_000);
  const [weight, beam] = await measure(['cell/weight', 'gate/beam'], 100, 300, { level: 4 });
  expect(weight).toMatchObject({
    channel: 'cell/weight',
    unit: 'g',
    count: 2,
    mean: 4,
    edges: { rising: 1 },
  });
  // Free for 50 ms, broken for 150: what it was when the window began is known.
  expect(beam).toMatchObject({ kind: 'step', count: 1, mean: 0.25, edges: { falling: 1, duty: 0.25 } });
});

it('what a step channel was before a loss is not known after it', async () => {
  room.push('gate/beam', [50, 1]);
  room.capture.noteLoss(['gate/beam'], start + 80_000, 1, 'lost');
  room.push('gate/beam', [150, 0]);
  room.capture.heard('gate', start + 300_000);
  const [beam] = await measure(['gate/beam'], 100, 300);
  expect(beam).toMatchObject({ count: 1, mean: 0, max: 0 });
});

it('noise is in grams where the cell was calibrated', async () => {
  const calibrated = {
    device: 'cell',
    channel: 'cell/raw',
    offset: 0,
    scale: -400,
    rms: 0,
    points: [],
    says: [],
  };
  await room.ledger.append({ type: 'device.calibrated', data: calibrated, actor: technician });
  room.push('cell/raw', ...Array.from({ length: 21 }, (_, i): [number, number] => [i * 10, (i % 2) * 40]));
  const [raw] = await measure(['cell/raw'], 0, 1000);
  expect(raw!.noise!.counts).toBeCloseTo(40 * Math.SQRT1_2, 10);
  expect(raw!.noise!.grams).toBeCloseTo(0.1 * Math.SQRT1_2, 10);
});

it('an unknown channel, a window that ends before it begins and one with too much in it are refused', async () => {
  await expect(measure(['cell/none'], 0, 1)).rejects.toMatchObject({ code: 'not-found' });
  await expect(measure(['cell/raw'], 1, 1)).rejects.toMatchObject({ code: 'bad-input' });
  const t = Float64Array.from({ length: 1_000_001 }, (_, i) => start + i);
  room.capture.push([{ channel: 'cell/raw', seq: 0, t, v: new Float64Array(t.length) }]);
  await expect(measure(['cell/raw'], 0, 2000)).rejects.toMatchObject({ code: 'bad-input' });
  expect(await measure(['cell/raw'], 0, 1000)).toMatchObject([{ count: 1_000_000 }]);
});
