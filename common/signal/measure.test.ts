import { describe, expect, it } from 'vitest';
import { aliasOf, mainsLine } from './measure-mains.ts';
import { measure, type MeasureInput } from './measure.ts';

const second = 1e6;

function input(more: Partial<MeasureInput> & { samples: [number, number][] }): MeasureInput {
  const { samples, ...given } = more;
  return {
    kind: 'linear',
    unit: 'g',
    from: 0,
    to: 10 * second,
    t: Float64Array.from(samples, ([t]) => t * second),
    v: Float64Array.from(samples, ([, v]) => v),
    before: null,
    heardUntil: -Infinity,
    gaps: [],
    ...given,
  };
}

const every = (count: number, step: number, value: (i: number) => number): [number, number][] =>
  Array.from({ length: count }, (_, i) => [i * step, value(i)]);

describe('a linear channel', () => {
  it('has its extent, mean and rms by samples', () => {
    const told = measure(
      input({
        samples: [
          [0, 1],
          [1, -3],
          [2, 2],
          [4, 4],
        ],
      }),
    );
    expect(told).toMatchObject({ count: 4, min: -3, max: 4, peakToPeak: 7, first: 1, last: 4, mean: 1 });
    expect(told.rms).toBe(Math.sqrt(30 / 4));
    // Deviations 0, −4, 1, 3: squares 26, by 3.
    expect(told.sigma).toBeCloseTo(Math.sqrt(26 / 3), 14);
    expect(told.edges).toBeNull();
  });

  it('has nothing of an empty window', () => {
    const told = measure(input({ samples: [] }));
    expect(told).toMatchObject({ count: 0, rate: null, mean: null, noise: null, drift: null, mains: null });
  });

  it('has the rate of the samples that follow each other', () => {
    const samples: [number, number][] = [...every(11, 0.1, () => 0), [5, 0], [5.1, 0], [5.2, 0]];
    expect(measure(input({ samples })).rate).toBeCloseTo(13 / 5.2, 12);
    const told = measure(input({ samples, gaps: [{ from: 1.5 * second, to: 3 * second }] }));
    expect(told.rate).toBeCloseTo(10, 12);
    expect(told.gaps).toEqual({ count: 1, micros: 1.5 * second });
  });

  it('drifts by the slope of its line a minute', () => {
    // 0.5 g a second and a residual of −1, +2, −1 g: slope 0.5, s² = 6, Sxx = 2 s²: error √3 g/s.
    const samples: [number, number][] = [
      [0, -1],
      [1, 2.5],
      [2, 0],
    ];
    const { drift } = measure(input({ samples }));
    expect(drift!.perMinute).toBeCloseTo(30, 10);
    expect(drift!.error).toBeCloseTo(60 * Math.sqrt(3), 10);
  });

  it('has its noise in counts and in grams by the scale of the cell', () => {
    const samples = every(101, 0.1, (i) => (i % 2) * 40);
    const sigma = 40 * Math.SQRT1_2;
    expect(measure(input({ samples })).noise).toEqual({ sigma, grams: sigma, counts: null });
    const { noise } = measure(input({ samples, unit: 'counts', countsPerGram: -400 }));
    expect(noise!.counts).toBeCloseTo(sigma, 12);
    expect(noise!.grams).toBeCloseTo(sigma / 400, 12);
    expect(measure(input({ samples, unit: 'g', countsPerGram: 400 })).noise!.counts).toBeCloseTo(400 * sigma);
  });

  it('has the edges of a level that is asked for', () => {
    // A triangle of 4 s between 0 and 8: above 4 for half of the time, crossed at 1, 3, 5, 7, 9.
    const samples = every(11, 1, (i) => [0, 4, 8, 4][i % 4]!);
    const { edges } = measure(input({ samples, to: 11 * second, level: 3 }));
    // Through 3 at 0.75, 3.25, 4.75, 7.25, 8.75 s.
    expect(edges).toMatchObject({ rising: 3, falling: 2, frequency: 0.25, bounces: 0 });
    expect(edges!.high).toMatchObject({ count: 2, min: 2.5 * second, max: 2.5 * second });
    expect(edges!.low).toMatchObject({ count: 2, mean: 1.5 * second });
    // Known for 10 s: 2.5 + 2.5 + 1.25 above.
    expect(edges!.duty).toBeCloseTo(0.625, 12);
  });

  it('leaves out what is no number', () => {
    const samples: [number, number][] = [
      [0, 1],
      [1, NaN],
      [2, 3],
      [3, Infinity],
    ];
    expect(measure(input({ samples }))).toMatchObject({ count: 2, mean: 2, last: 3 });
  });
});

describe('a step channel', () => {
  // Free, broken from 2 to 3 and from 6 to 8.
  const samples: [number, number][] = [
    [2, 0],
    [3, 1],
    [6, 0],
    [8, 1],
  ];
  const beam = (more: Partial<MeasureInput> = {}) =>
    measure(input({ kind: 'step', unit: '', samples, before: 1, heardUntil: 10 * second, ...more }));

  it('is weighed by time', () => {
    const told = beam();
    // 7 s at 1, 3 s at 0; variance 0.7 · 0.3.
    expect(told).toMatchObject({ count: 4, min: 0, max: 1, mean: 0.7, rate: 0.4, noise: null, drift: null });
    expect(told.rms).toBeCloseTo(Math.sqrt(0.7), 14);
    expect(told.sigma).toBeCloseTo(Math.sqrt(0.21), 14);
  });

  it('has edges, duty, frequency and the widths of its pulses', () => {
    expect(beam().edges).toEqual({
      level: 0.5,
      rising: 2,
      falling: 2,
      frequency: 1 / 5, // rising at 3 and 8
      duty: 0.7,
      high: { count: 1, min: 3 * second, mean: 3 * second, max: 3 * second },
      low: { count: 2, min: second, mean: 1.5 * second, max: 2 * second },
      bounces: 0,
    });
  });

  it('is known until it was last heard', () => {
    const told = beam({ heardUntil: 9 * second });
    expect(told.mean).toBeCloseTo(6 / 9, 14);
    expect(told.edges!.duty).toBeCloseTo(6 / 9, 14);
    expect(beam({ before: null, heardUntil: 9 * second }).mean).toBeCloseTo(4 / 7, 14);
  });

  it('is not known in a gap, nor after it until the next change', () => {
    // Known: 0–2 at 1, 2–3 at 0, 3–4 at 1, 6–8 at 0, 8–10 at 1: 5 of 8 s.
    const told = beam({ gaps: [{ from: 4 * second, to: 5 * second }] });
    expect(told.mean).toBeCloseTo(5 / 8, 14);
    expect(told.edges).toMatchObject({ rising: 2, falling: 1, high: null, low: { count: 1 } });
    expect(told.edges!.duty).toBeCloseTo(5 / 8, 14);
    expect(beam({ gaps: [{ from: 9 * second, to: 20 * second }] }).edges!.duty).toBeCloseTo(6 / 9, 14);
  });

  it('that never changed holds what it had', () => {
    const told = beam({ samples: [], t: new Float64Array(), v: new Float64Array() } as object);
    expect(told).toMatchObject({ count: 0, mean: 1, min: 1, max: 1 });
    expect(told.edges).toMatchObject({ duty: 1, rising: 0, frequency: null });
  });

  it('bounces where an edge follows another too soon', () => {
    const told = measure(
      input({
        kind: 'step',
        samples: [
          [1, 0],
          [1.001, 1],
          [1.002, 0],
          [2, 1],
          [2.005, 0],
        ],
        before: 1,
        heardUntil: 3 * second,
      }),
    );
    // 1 ms, 1 ms, 998 ms, 5 ms: closer than 5 ms are two.
    expect(told.edges!.bounces).toBe(2);
  });
});

describe('pick-up from the mains', () => {
  const sine = (amplitude: number, hertz: number, rate: number, i: number) =>
    amplitude * Math.sin((2 * Math.PI * hertz * i) / rate);

  it('shows at 30 and 20 Hz at 80 samples a second', () => {
    expect([aliasOf(50, 80), aliasOf(60, 80), aliasOf(50, 1000)]).toEqual([30, 20, 50]);
    expect(aliasOf(50, 83)).toBeCloseTo(33);
  });

  it('is the power of its line over the mean power of 16 neighbours', () => {
    // 256 samples at 256/s: a line each hertz. Of the sine at 54 Hz the Hann window leaves 1 at 54 and a quarter of its
    // power at 53 and 55, nothing elsewhere: the mean of 16 neighbours of 50 is 1.5/16, the line's own power 4.
    const values = Float64Array.from({ length: 512 }, (_, i) => sine(2, 50, 256, i) + sine(1, 54, 256, i));
    const line = mainsLine(values, 256, 50)!;
    expect(line.hertz).toBe(50);
    expect(line.ratio).toBeCloseTo(4 / (1.5 / 16), 6);
    expect(line.amplitude).toBeCloseTo(2, 10);
  });

  it('is found by a channel at its own rate, under steps, and is not where there is none', () => {
    let seed = 1;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
    const load = (i: number) => (Math.floor(i / 100) % 3 === 0 ? 155 : 0);
    const trace = (amplitude: number) =>
      input({
        samples: every(1600, 1 / 80, (i) => load(i) + random() * 0.3 + sine(amplitude, 50, 80, i)),
        to: 20 * second,
      });
    const { mains } = measure(trace(0.2));
    expect(mains!.fifty!.hertz).toBeCloseTo(30, 6);
    expect(mains!.fifty!.ratio).toBeGreaterThan(30);
    expect(mains!.fifty!.amplitude).toBeCloseTo(0.2, 1);
    expect(mains!.sixty!.ratio).toBeLessThan(4);
    expect(measure(trace(0)).mains!.fifty!.ratio).toBeLessThan(4);
  });

  it('is that of the newest part of a long window', () => {
    const values = Float64Array.from({ length: 20_000 }, (_, i) =>
      i < 20_000 - 64 * 256 ? sine(9, 50, 256, i) : sine(1, 50, 256, i),
    );
    expect(mainsLine(values, 256, 50)!.amplitude).toBeCloseTo(1, 6);
  });

  it('is not told where the rate hides it, or of too few samples', () => {
    const values = new Float64Array(600).fill(1);
    expect(mainsLine(values, 10, 50)).toBeNull();
    expect(mainsLine(values, 100, 50)).toBeNull();
    expect(mainsLine(values.subarray(0, 63), 80, 50)).toBeNull();
  });
});
