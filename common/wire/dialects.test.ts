import { describe, expect, it } from 'vitest';
import { listen } from '../../test/fakes/readings.ts';
import { WarroomError } from '../lib/errors.ts';
import { createBeamEvents } from './beam-events.ts';
import { createHx711Csv } from './hx711-csv.ts';
import { dialectNames, dialectOf } from './index.ts';

const encode = (text: string) => new TextEncoder().encode(text);

/** A seeded generator (a linear congruence is enough for mutations). */
function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Changes, removes or inserts one to three bytes. */
function mutate(line: Uint8Array, random: (below: number) => number): Uint8Array {
  const bytes = [...line];
  for (let times = 1 + random(3); times > 0; times--) {
    const at = random(bytes.length + 1);
    const action = random(3);
    bytes.splice(at, action === 2 ? 0 : 1, ...(action === 1 ? [] : [random(256)]));
  }
  return Uint8Array.from(bytes);
}

describe('hx711-csv', () => {
  const dialect = createHx711Csv();
  const read = (text: string, of = dialect) => listen(of, text)?.readings.map(({ value }) => value) ?? null;

  it('reads counts and grams', () => {
    expect(listen(dialect, '-123456,12.34')?.readings).toEqual([
      { column: 'raw', value: -123456 },
      { column: 'weight', value: 12.34 },
    ]);
    expect(read('8388607,-0.5')).toEqual([8388607, -0.5]);
    expect(read('+0,7')).toEqual([0, 7]);
    expect(read(' 5 , 0.10 ')).toEqual([5, 0.1]);
  });

  it.each([
    '',
    ',',
    '1',
    '1,',
    ',1',
    '1,2,3',
    '1,2.',
    '1,.5',
    '1,nan',
    '1.5,2',
    '--1,2',
    '1,2 g',
    '8388608,1',
    '-8388609,1',
  ])('refuses %j', (line) => expect(read(line)).toBeNull());

  it('refuses the other lines that such boards print', () => {
    for (const line of ['HX711 not found.', 'HX711 reading: -123456', 'Tare complete', 'weight:12.3§g'])
      expect(read(line)).toBeNull();
  });

  it('takes a decimal comma where it is told to', () => {
    const european = createHx711Csv({ decimal: ',' });
    expect(read('-42;12,34', european)).toEqual([-42, 12.34]);
    expect(read('-42,12,34', european)).toEqual([-42, 12.34]);
    expect(read('-42,12.34', european)).toBeNull();
  });

  it('takes offset-binary counts, whose zero is in the middle, where it is told to', () => {
    const offset = createHx711Csv({ offsetBinary: true });
    expect(read('8388608,0.0', offset)).toEqual([0, 0]);
    expect(read('16777215,1', offset)).toEqual([8_388_607, 1]);
    expect(read('0,1', offset)).toEqual([-8_388_608, 1]);
    expect(read('-1,1', offset)).toBeNull();
  });

  it('reads every number as Number() does (100 000 lines)', () => {
    const random = seeded(711);
    for (let i = 0; i < 100_000; i++) {
      const raw = random(16_777_216) - 8_388_608;
      const weight = ((random(2_000_000) - 1_000_000) / 997).toFixed(random(5));
      expect.soft(read(`${raw},${weight}`), `${raw},${weight}`).toEqual([raw, Number(weight) + 0]);
    }
  });
});

describe('beam-events', () => {
  it('reads edges and heartbeats', () => {
    const dialect = createBeamEvents();
    expect(listen(dialect, 'E,7,1500000,0')?.readings).toEqual([
      { column: 'beam', value: 0, deviceTime: 1_500_000 },
    ]);
    expect(listen(dialect, 'H,7,2000000,0')?.readings).toEqual([
      { column: 'beam', value: 0, deviceTime: 2_000_000 },
    ]);
    expect(dialect.takeLost?.()).toBe(0);
  });

  it.each([
    '',
    'E',
    'E,1,2',
    'E,1,2,',
    'E,1,2,2',
    'E,1,2,01',
    'E,-1,2,0',
    'X,1,2,0',
    'E,1,2,0,',
    'E;1;2;0',
    'e,1,2,0',
  ])('refuses %j', (line) => expect(listen(createBeamEvents(), line)).toBeNull());

  it('gives 0 for broken also where the board sends 1 for it', () => {
    const dialect = createBeamEvents({ activeLow: false });
    expect(listen(dialect, 'E,7,1500000,1')?.readings[0]?.value).toBe(0);
    expect(listen(dialect, 'E,8,1600000,0')?.readings[0]?.value).toBe(1);
  });

  it('counts edges that never came, by the next edge or by the heartbeat', () => {
    const dialect = createBeamEvents();
    for (const line of ['E,1,10,0', 'E,2,20,1', 'E,5,50,0', 'H,6,60,1', 'E,7,70,0']) listen(dialect, line);
    expect(dialect.takeLost?.()).toBe(3);
    expect(dialect.takeLost?.()).toBe(0);
  });

  it('does not call a restart of the board a loss', () => {
    const dialect = createBeamEvents();
    for (const line of ['E,900,5000000,0', 'H,0,1000000,1', 'E,1,1500000,0']) listen(dialect, line);
    expect(dialect.takeLost?.()).toBe(0);
  });

  it('carries the device time over the wrap of a 32-bit micros()', () => {
    const dialect = createBeamEvents();
    listen(dialect, 'E,1,4294967000,0');
    expect(listen(dialect, 'E,2,704,1')?.readings[0]?.deviceTime).toBe(2 ** 32 + 704);
  });
});

describe('every dialect', () => {
  it('is found by its name, and an unknown one is said so', () => {
    for (const name of dialectNames) expect(dialectOf(name).name).toBe(name);
    expect(() => dialectOf('toString')).toThrow(WarroomError);
  });

  it.each([
    ['hx711-csv', '-123456,12.34'],
    ['beam-events', 'E,12,1500000,0'],
  ])('%s answers null or finite values of its columns for 200 000 mutations', (name, line) => {
    const dialect = dialectOf(name);
    const columns = new Set(dialect.columns.map(({ column }) => column));
    const random = seeded(4242);
    let refused = 0;
    for (let i = 0; i < 200_000; i++) {
      const said = listen(dialect, mutate(encode(line), random));
      if (said === null) refused++;
      else
        for (const { column, value } of said.readings)
          if (!columns.has(column) || !Number.isFinite(value)) expect.fail();
    }
    expect(refused).toBeGreaterThan(50_000);
  });
});
