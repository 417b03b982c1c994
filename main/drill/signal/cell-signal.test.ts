import { describe, expect, it } from 'vitest';
import { uniform } from './random.ts';
import {
  createCellSignal,
  noiseFloor,
  type CellFault,
  type CellRate,
  type CellSample,
} from './cell-signal.ts';
import type { CellFaultName, Severity } from './faults.ts';
import { createLine, type Line } from './line.ts';
import { mainsHertz } from './mains.ts';

const seed = 11;
/** A line on which nothing ever passes: what is left is chip and cable. */
const idle = { ...createLine(seed), load: () => 0 } as Line;

function samples(
  rate: CellRate,
  seconds: number,
  faults: CellFault[] = [],
  line?: Line,
  from = 0,
): CellSample[] {
  const signal = createCellSignal({ seed, cell: 'a', rate, line, faults, from });
  const all: CellSample[] = [];
  for (let sample = signal.next(seconds); sample; sample = signal.next(seconds)) all.push(sample);
  return all;
}

const fault = (name: CellFaultName, severity: Severity, onset = 0): CellFault[] => [
  { name, severity, onset, end: Infinity },
];

/** σ of white noise from differences of neighbours, which slow movement has no part in. */
function sigma(values: number[]): number {
  let sum = 0;
  for (let i = 1; i < values.length; i++) sum += (values[i]! - values[i - 1]!) ** 2;
  return Math.sqrt(sum / (values.length - 1) / 2);
}

/** Amplitude at `hertz` by one term of a DFT. */
function amplitude(values: number[], rate: number, hertz: number): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  let [re, im] = [0, 0];
  values.forEach((value, i) => {
    re += (value - mean) * Math.cos((2 * Math.PI * hertz * i) / rate);
    im += (value - mean) * Math.sin((2 * Math.PI * hertz * i) / rate);
  });
  return (2 / values.length) * Math.hypot(re, im);
}

const raws = (all: CellSample[]) => all.map(({ raw }) => raw);

describe('a healthy cell', () => {
  it.each([80, 10] as const)('has noise within 5 %% of the floor at %d a second', (rate) => {
    const rms = sigma(raws(samples(rate, rate === 80 ? 120 : 900, [], idle)));
    expect(rms / noiseFloor[rate]).toBeGreaterThan(0.95);
    expect(rms / noiseFloor[rate]).toBeLessThan(1.05);
  });

  it.each([80, 10] as const)('gives about %d samples a second, by an oscillator of its own', (rate) => {
    const rates = Array.from({ length: 20 }, (_, s) => createCellSignal({ seed: s, cell: 'b', rate }).rate);
    expect(Math.min(...rates)).toBeGreaterThan(rate * 0.97);
    expect(Math.max(...rates)).toBeLessThan(rate * 1.03);
    expect(new Set(rates).size).toBe(20);
    const times = samples(rate, 60).map(({ t }) => t);
    const own = createCellSignal({ seed, cell: 'a', rate }).rate;
    expect(times.length / 60 / own).toBeCloseTo(1, 2);
    expect(times.every((t, i) => i === 0 || t > times[i - 1]!)).toBe(true);
  });

  it('settles in four conversions after a step', () => {
    for (const [rate, seconds] of [
      [80, 0.05],
      [10, 0.4],
    ] as const) {
      const step = { ...idle, load: (_: unknown, t: number) => (t >= 1 ? 1000 : 0) } as Line;
      const signal = createCellSignal({ seed, cell: 'a', rate, line: step });
      const all: CellSample[] = [];
      for (let sample = signal.next(3); sample; sample = signal.next(3)) all.push(sample);
      const onTheWay = all.filter(({ t, weight }) => t > 1.001 && t < 1 + 0.8 * seconds && weight < 990);
      expect(onTheWay.length).toBeGreaterThan(0);
      const after = all.filter(({ t }) => t > 1 + seconds / 0.97 + 1 / rate);
      expect(after.every(({ weight }) => Math.abs(weight - 1000) < 1)).toBe(true);
    }
  });

  it('is the same wherever it is begun and however it is asked', () => {
    const whole = samples(80, 30);
    expect(samples(80, 30, [], undefined, 0)).toEqual(whole);
    const line = createLine(seed);
    const signal = createCellSignal({ seed, cell: 'a', line, from: 20 });
    const late: CellSample[] = [];
    for (let t = 20; t < 30; t += 0.5 * uniform(1, 1, late.length))
      for (let sample = signal.next(t); sample; sample = signal.next(t)) late.push(sample);
    expect(late).toEqual(whole.filter(({ t }) => t >= 20).slice(0, late.length));
    expect(late.length).toBeGreaterThan(700);
  });
});

describe('faults of a cell', () => {
  it('change nothing before they begin nor after they end', () => {
    const healthy = samples(80, 30);
    for (const name of ['gain-lost', 'filtered', 'half-rate', 'replayed', 'noise'] as const) {
      const [active] = fault(name, 'clear', 10);
      const all = samples(80, 30, [{ ...active!, end: 20 }]);
      const outside = ({ t }: CellSample) => t < 10 || t > 20.01;
      expect(all.filter(outside)).toEqual(healthy.filter(outside));
      expect(all.filter(({ t }) => t > 10 && t < 20)).not.toEqual(
        healthy.filter(({ t }) => t > 10 && t < 20),
      );
    }
  });

  it('show mains at their alias at 80 a second, and not at all at 10', () => {
    const { rate } = createCellSignal({ seed, cell: 'a' });
    const alias = Math.abs(rate - mainsHertz(seed).exact);
    const values = raws(samples(80, 20, fault('mains', 'slight'), idle));
    expect(amplitude(values, rate, alias)).toBeGreaterThan(48);
    expect(amplitude(values, rate, alias)).toBeLessThan(60);
    expect(amplitude(values, rate, alias - 5)).toBeLessThan(6);
    expect(samples(10, 60, fault('mains', 'severe'))).toEqual(samples(10, 60));
  });

  it('shows 50 Hz near 30 and 60 Hz near 20, by the seed', () => {
    const seeds = Array.from({ length: 20 }, (_, s) => mainsHertz(s));
    expect(new Set(seeds.map(({ nominal }) => nominal))).toEqual(new Set([50, 60]));
    expect(seeds.every(({ nominal, exact }) => Math.abs(exact / nominal - 1) < 0.001)).toBe(true);
  });

  it('stand at their values and nowhere else', () => {
    expect(new Set(raws(samples(80, 30, fault('dout-high', 'severe'))))).toEqual(new Set([-1]));
    expect(new Set(raws(samples(80, 30, fault('dout-low', 'severe'))))).toEqual(new Set([0]));
    const rail = new Set(raws(samples(80, 30, fault('saturated', 'severe'))));
    expect([[-8_388_608], [8_388_607]]).toContainEqual([...rail]);
    expect(new Set(raws(samples(80, 30, fault('replayed', 'severe')))).size).toBe(1);
    const slight = raws(samples(80, 60, fault('dout-high', 'slight')));
    const share = slight.filter((raw) => raw === -1).length / slight.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.4);
  });

  it.each([80, 10] as const)('slip bits in single samples at %d a second', (rate) => {
    const healthy = samples(rate, 120);
    const all = samples(rate, 120, fault('bit-slip', 'clear'));
    const changed = all.flatMap(({ raw }, i) => (raw === healthy[i]!.raw ? [] : [i]));
    expect(changed.length).toBeGreaterThan(100);
    expect(changed.every((index, i) => i === 0 || index > changed[i - 1]! + 2)).toBe(true);
    for (const i of changed) expect(Number.isInteger(Math.log2(all[i]!.raw + 1))).toBe(true);
  });

  it('halve the gain and no more when slight, to a quarter when severe', () => {
    const ratios = (severity: Severity) => {
      const all = raws(samples(80, 60, fault('gain-lost', severity), idle));
      return new Set(all.map((raw) => Math.round((raw / -84_213) * 100) / 100));
    };
    expect(ratios('slight')).toEqual(new Set([1, 0.5]));
    expect(ratios('severe')).toEqual(new Set([1, 0.5, 0.25]));
  });

  it('put spikes on single samples, the size of their degree', () => {
    const healthy = samples(80, 60);
    for (const [severity, least, most, count] of [
      ['slight', 1_600, 3_200, 24],
      ['severe', 200_000, 2_000_000, 240],
    ] as const) {
      const off = samples(80, 60, fault('spikes', severity))
        .map(({ raw }, i) => Math.abs(raw - healthy[i]!.raw))
        .filter((size) => size > 0);
      expect(Math.abs(off.length - count)).toBeLessThan(3);
      expect(Math.min(...off)).toBeGreaterThanOrEqual(least);
      expect(Math.max(...off)).toBeLessThanOrEqual(most);
    }
  });

  it('turn the load over, all of it or after a tare', () => {
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const loaded = { ...idle, load: () => 155 } as Line;
    const offset = -84_213;
    const load = 155 * 428.6;
    expect(mean(raws(samples(80, 20, [], loaded)).slice(9)) - (offset + load)).toBeCloseTo(0, -1.7);
    expect(mean(raws(samples(80, 20, fault('inverted', 'clear'), loaded))) + offset + load).toBeCloseTo(
      0,
      -1.7,
    );
    expect(mean(raws(samples(80, 20, fault('inverted', 'slight'), loaded))) - offset + load).toBeCloseTo(
      0,
      -1.7,
    );
  });

  it('drift one way, by their degree', () => {
    for (const [severity, counts] of [
      ['slight', 400],
      ['severe', 4_000],
    ] as const) {
      const all = raws(samples(80, 61, fault('drift', severity), idle));
      const mean = (from: number) => all.slice(from, from + 80).reduce((a, b) => a + b, 0) / 80;
      expect(Math.abs(mean(all.length - 80) - mean(0)) / counts).toBeCloseTo(1, 0.8);
    }
  });

  it.each([
    ['slight', 0.7],
    ['clear', 0.5],
    ['severe', 0.25],
  ] as const)('leave a blocking firmware its share when %s, with jitter', (severity, share) => {
    const healthy = samples(80, 60);
    const all = samples(80, 60, fault('half-rate', severity));
    expect(all.length / healthy.length).toBeCloseTo(share, 2);
    const gaps = all.slice(1).map(({ t }, i) => t - all[i]!.t);
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length;
    const spread = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    expect(spread / mean).toBeGreaterThan(0.3);
  });

  it.each([
    [80, 'slight', 8],
    [80, 'clear', 16],
    [10, 'slight', 5],
  ] as const)('average at %d a second when %s', (rate, severity, span) => {
    const seconds = rate === 80 ? 200 : 2000;
    const all = raws(samples(rate, seconds, fault('filtered', severity), idle));
    // Neighbours share all but one reading of the span: their difference is that of two readings, divided by it.
    expect(sigma(all) / (noiseFloor[rate] / span)).toBeCloseTo(1, 0.8);
  });

  it('make more noise, and go silent', () => {
    const rms = sigma(raws(samples(80, 120, fault('noise', 'clear'), idle)));
    expect(rms / (4 * 38)).toBeCloseTo(1, 1);
    expect(samples(80, 60, fault('quiet', 'severe', 30)).at(-1)!.t).toBeLessThan(30.02);
    const slight = samples(80, 120, fault('quiet', 'slight', 30));
    const pauses = slight
      .slice(1)
      .map(({ t }, i) => t - slight[i]!.t)
      .filter((pause) => pause > 1);
    expect(pauses.length).toBeGreaterThanOrEqual(7);
    expect(Math.min(...pauses)).toBeGreaterThan(2.9);
  });
});
