import { expect, test } from 'vitest';
import {
  createRandom,
  detect,
  loadAt,
  makeCell,
  raised,
  type CellOptions,
  type Told,
} from './made-signals.ts';

const seconds = 60;
const on = 30;

function cell(change: CellOptions['change'], options: CellOptions = {}, length = seconds): Told[] {
  return detect(length, [makeCell('cell', length, { ...options, change })]);
}

/** A change that is there from `on` on. */
const after =
  (make: (counts: number, t: number, i: number) => number | null): CellOptions['change'] =>
  (counts, t, i) =>
    t < on ? counts : make(counts, t, i);

/** It is the only name, raised once, between `on` and `within` seconds later, and never cleared. */
function expectNamed(told: Told[], fault: string, within: number): void {
  expect(told.map(({ fault: name, state }) => `${state} ${name}`)).toEqual([`raised ${fault}`]);
  expect(told[0]!.at).toBeGreaterThan(on);
  expect(told[0]!.at - on).toBeLessThan(within);
  expect(told[0]!.says).toMatch(/\d/);
  expect(told[0]!.confidence).toBeGreaterThan(0.4);
}

test.each([80.6, 10.1])('a healthy cell at %d/s with parts that come and go has no name', (rate) => {
  expect(cell(undefined, { rate }, 300)).toEqual([]);
});

test('an empty scale has no name, in grams of two digits and of one either', () => {
  for (const role of ['counts', 'grams'] as const)
    for (const digit of [0.01, 0.1])
      for (const rate of [10.1, 80.6])
        for (const calibrated of [true, false])
          expect(cell(undefined, { idle: true, role, digit, rate, calibrated }, 200)).toEqual([]);
});

test.each([8_388_607, -8_388_608])('saturated at %d', (end) => {
  expectNamed(cell(after(() => end)), 'saturated', 0.3);
  expectNamed(
    cell(
      after(() => end),
      { rate: 10.1 },
    ),
    'saturated',
    0.5,
  );
});

test('one count short of the end, and one sample at the end, are not saturated', () => {
  expect(raised(cell(after(() => 8_388_606)))).toEqual(['replayed']);
  expect(raised(cell((counts, _t, i) => (i === 3000 ? 8_388_607 : counts)))).toEqual(['bit-slip']);
});

test('saturated that comes and goes is named once, and cleared eight seconds after the last', () => {
  const told = cell((counts, t) => (t > on && t < on + 10 && t % 1 < 0.3 ? 8_388_607 : counts));
  expect(told.map(({ state, fault }) => `${state} ${fault}`)).toEqual([
    'raised saturated',
    'cleared saturated',
  ]);
  expect(told[1]!.at).toBeGreaterThan(on + 17);
  expect(told[1]!.at).toBeLessThan(on + 19);
});

test('flat −1 and flat 0 have different names', () => {
  expectNamed(cell(after(() => -1)), 'dout-high', 0.5);
  expectNamed(cell(after(() => 0)), 'dout-low', 0.5);
  expectNamed(
    cell(
      after(() => -1),
      { rate: 10.1 },
    ),
    'dout-high',
    0.7,
  );
});

test('noise about zero is not flat', () => {
  const random = createRandom(5);
  expect(cell(() => Math.round((random() - 0.5) * 120), { idle: true })).toEqual([]);
});

test('flat at any other value for a second is replayed; half a second is not', () => {
  expectNamed(cell(after(() => 12_345)), 'replayed', 1.3);
  expectNamed(
    cell(
      after(() => 12_345),
      { rate: 10.1 },
    ),
    'replayed',
    1.4,
  );
  const level = -84_213;
  expect(cell((counts, t) => (t > 31.2 && t < 31.7 ? level : counts), { idle: true })).toEqual([]);
});

test('grams of one digit repeat themselves; for seconds they do not', () => {
  const options: CellOptions = { role: 'grams', digit: 0.1, rate: 10.1, idle: true };
  expectNamed(
    cell(
      after(() => -84_213),
      options,
      90,
    ),
    'replayed',
    30,
  );
});

test('a single sample at 2^k − 1 is a bit slip, one next to it a spike like any other', () => {
  const at = (value: number) =>
    cell((counts, t, i) => (t > on && i % 160 === 0 ? value : counts), { idle: true });
  expectNamed(at(2 ** 17 - 1), 'bit-slip', 2.1);
  expectNamed(at(2 ** 17 + 500), 'spikes', 4.1);
});

test('a load step through 2^k − 1 is none', () => {
  // The load rises by less than 20 σ from one sample to the next, by way of −32767 and 32767.
  const ramp = (_: number, t: number) => -40_000 + 80_000 * ((t % 20) / 20);
  expect(
    raised(cell((counts, t) => ramp(counts, t), { sigma: 0 })).filter((name) => name === 'bit-slip'),
  ).toEqual([]);
});

test('values at X and exactly half or a quarter of it are lost gain pulses', () => {
  const random = createRandom(7);
  expectNamed(cell(after((counts) => (random() < 0.1 ? counts / 2 : counts))), 'gain-lost', 3);
  expectNamed(
    cell(
      after((counts) => (random() < 0.3 ? counts / 4 : counts)),
      { idle: true },
    ),
    'gain-lost',
    1.5,
  );
});

test('values at 0.6 X are not', () => {
  const random = createRandom(8);
  expect(
    raised(
      cell(
        after((counts) => (random() < 0.05 ? counts * 0.6 : counts)),
        { idle: true },
      ),
    ),
  ).toEqual(['spikes']);
});

test('isolated samples far off are spikes; 15 σ are noise', () => {
  const random = createRandom(9);
  const spiky = (size: number) => after((counts) => (random() < 0.02 ? counts + size : counts));
  expectNamed(cell(spiky(9000)), 'spikes', 3);
  expect(cell(spiky(38 * 15), { idle: true })).toEqual([]);
});

test('spikes are cleared a while after the last, and not between two', () => {
  const told = cell(
    (counts, t, i) => (t > on && t < on + 12 && i % 400 === 0 ? counts + 5000 : counts),
    { idle: true },
    75,
  );
  expect(told.map(({ state, fault }) => `${state} ${fault}`)).toEqual(['raised spikes', 'cleared spikes']);
  expect(told[1]!.at).toBeGreaterThan(on + 20);
});

test('noise four times as strong has no name', () => {
  const random = createRandom(10);
  const noise = () => (random() + random() + random() + random() - 2) * 38 * 4 * 1.7;
  expect(
    cell(
      after((counts) => Math.round(counts + noise())),
      {},
      120,
    ),
  ).toEqual([]);
});

test.each([80.6, 10.1])('all values turned into their negatives at %d/s: inverted', (rate) => {
  expectNamed(
    cell(
      after((counts) => -counts),
      { rate },
    ),
    'inverted',
    4,
  );
});

test('a zero that stays and steps down instead of up: inverted', () => {
  expectNamed(cell(after((counts) => 2 * -84_213 - counts)), 'inverted', 3.2);
});

test('a part three times as heavy is not inverted, and a lighter one neither', () => {
  const heavier = (factor: number) =>
    after((counts, t) =>
      Math.floor(t / 3.2) % 3 === 0 ? Math.round(counts + 428 * (factor - 1) * loadAt(t)) : counts,
    );
  expect(cell(heavier(2.6), {}, 120)).toEqual([]);
  expect(cell(heavier(0.3), {}, 120)).toEqual([]);
});

test('inverted since it is watched is told by the calibration', () => {
  const told = detect(20, [makeCell('cell', 20, { calibrated: true, change: (counts) => -counts })]);
  expect(raised(told)).toEqual(['inverted']);
});

test('a slow way up of the empty scale is drift; less than a healthy cell’s is not, and a loaded hour neither', () => {
  const drifting = (perMinute: number) =>
    after((counts, t) => Math.round(counts + ((t - on) / 60) * perMinute));
  const told = cell(drifting(600), {}, 150);
  expectNamed(told, 'drift', 60);
  expect(cell(drifting(100), {}, 240)).toEqual([]);
  const random = createRandom(11);
  let level = 0;
  expect(
    cell(
      (counts, _t, i) => (i % 400 === 0 ? ((level = random() * 40_000), counts) : Math.round(counts + level)),
      {},
      200,
    ).filter(({ fault }) => fault === 'drift'),
  ).toEqual([]);
});

test('every second sample missing is half the rate; one short pause is not', () => {
  expectNamed(cell(after((counts, _t, i) => (i % 2 === 0 ? counts : null))), 'half-rate', 2);
  expectNamed(
    cell(
      after((counts, _t, i) => (i % 2 === 0 ? counts : null)),
      { rate: 10.1 },
    ),
    'half-rate',
    4,
  );
  expect(cell((counts, t) => (t % 20 > 10 && t % 20 < 10.6 ? null : counts), {}, 120)).toEqual([]);
});

test('one sample in ten missing is not half the rate', () => {
  const random = createRandom(12);
  expect(cell(after((counts) => (random() < 0.1 ? null : counts)))).toEqual([]);
});

test('a moving average over four is filtered, at 10/s as well; a chip that is quieter than most is not', () => {
  const average = (count: number) => {
    const last: number[] = [];
    return after((counts) => {
      last.push(counts);
      if (last.length > count) last.shift();
      return Math.round(last.reduce((sum, v) => sum + v, 0) / last.length);
    });
  };
  expectNamed(cell(average(4)), 'filtered', 3);
  expectNamed(cell(average(4), { rate: 10.1, idle: true }, 60), 'filtered', 10);
  expect(cell(undefined, { sigma: 0.6 * 38 }, 120)).toEqual([]);
});

test.each([50, 60])('%d Hz of twice the noise are pick-up from the mains', (frequency) => {
  const line = after((counts, t) => Math.round(counts + 76 * Math.sin(2 * Math.PI * frequency * t)));
  expectNamed(cell(line), 'mains', 3);
});

test('a vibration beside the mains’ place is none, and at 10/s nobody can tell', () => {
  const line = (frequency: number) =>
    after((counts, t) => Math.round(counts + 76 * Math.sin(2 * Math.PI * frequency * t)));
  expect(cell(line(80.6 - 25))).toEqual([]);
  expect(cell(line(50), { rate: 10.1 })).toEqual([]);
});

test('silence after a steady pace is quiet, and nothing else', () => {
  const told = cell((counts, t) => (t > on && t < on + 10 ? null : counts));
  expect(told.map(({ state, fault }) => `${state} ${fault}`)).toEqual(['raised quiet', 'cleared quiet']);
  expect(told[0]!.at - on).toBeLessThan(1.8);
  expect(told[1]!.at).toBeLessThan(on + 11);
  expect(cell((counts, t) => (t > on && t < on + 1.2 ? null : counts))).toEqual([]);
});
