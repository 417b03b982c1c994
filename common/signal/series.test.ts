import { describe, expect, test } from 'vitest';
import { chunkSamples } from './pyramid.ts';
import { createSeries, type Columns, type Gap } from './series.ts';

/** Mulberry32: the same numbers from the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function randomSamples(count: number, seed: number, start = 1_795_000_000_000_000) {
  const random = seeded(seed);
  const t = new Float64Array(count);
  const v = new Float64Array(count);
  let at = start;
  for (let i = 0; i < count; i++) {
    at += Math.floor(random() * 40) + (random() < 0.001 ? 100_000 : 0);
    t[i] = at;
    v[i] = (random() - 0.5) * 1e6;
  }
  return { t, v };
}

interface Truth {
  t: Float64Array;
  v: Float64Array;
  step?: { heardUntil: number; gaps: Gap[] };
}

/** The definition of a column, sample by sample. */
function bruteForce({ t, v, step }: Truth, dt: number, first: number, count: number): Columns {
  const min = new Float32Array(count).fill(NaN);
  const max = new Float32Array(count).fill(NaN);
  for (let k = 0; k < count; k++) {
    const start = (first + k) * dt;
    const seen: number[] = [];
    let before = -1;
    let startsWithSample = false;
    for (let i = 0; i < t.length; i++) {
      if (t[i]! < start) before = i;
      else if (t[i]! < start + dt) {
        if (t[i] === start) startsWithSample = true;
        seen.push(v[i]!);
      }
    }
    if (step && before >= 0 && !startsWithSample && start <= step.heardUntil) {
      const broken = step.gaps.some((gap) => gap.from >= t[before]! && gap.from <= start);
      if (!broken) seen.push(v[before]!);
    }
    if (seen.length > 0) {
      min[k] = Math.min(...seen);
      max[k] = Math.max(...seen);
    }
  }
  return { min, max };
}

describe('columns of a linear channel', () => {
  test('equal those counted sample by sample, for all widths of column', () => {
    const { t, v } = randomSamples(3000, 7);
    const series = createSeries({ kind: 'linear' });
    series.append(t, v);
    for (const dt of [10, 16, 33, 100, 999, 4096, 50_000, 1_000_000]) {
      const first = Math.floor(t[0]! / dt) - 3;
      const count = Math.min(400, Math.floor((t.at(-1)! - t[0]!) / dt) + 8);
      expect(series.query(dt, first, count)).toEqual(bruteForce({ t, v }, dt, first, count));
    }
  });

  test('are right across chunks and when let go of the oldest', () => {
    const { t, v } = randomSamples(chunkSamples * 3 + 777, 8);
    const series = createSeries({ kind: 'linear', maxSamples: chunkSamples * 2 });
    for (let i = 0; i < t.length; i += 1000) series.append(t.subarray(i, i + 1000), v.subarray(i, i + 1000));
    expect(series.appended).toBe(t.length);
    expect(series.oldest).toBe(chunkSamples * 2);
    const kept = { t: t.subarray(series.oldest), v: v.subarray(series.oldest) };
    expect(series.firstTime).toBe(kept.t[0]);
    const dt = 12_345;
    const first = Math.floor(kept.t[0]! / dt) - 2;
    const count = Math.ceil((t.at(-1)! - kept.t[0]!) / dt) + 4;
    expect(series.query(dt, first, count)).toEqual(bruteForce(kept, dt, first, count));
    expect(series.slice(0, t.length)).toEqual({ t: kept.t.slice(), v: kept.v.slice() });
  });

  test('a snapshot keeps what the series lets go, and takes nothing in', () => {
    const { t, v } = randomSamples(chunkSamples * 3, 9);
    const series = createSeries({ kind: 'linear', maxSamples: chunkSamples });
    const until = chunkSamples + 500;
    series.append(t.subarray(0, until), v.subarray(0, until));
    const taken = series.snapshot();
    series.append(t.subarray(until), v.subarray(until));
    expect(series.oldest).toBe(chunkSamples * 2);
    expect(taken.oldest).toBe(chunkSamples);
    expect(taken.firstTime).toBe(t[chunkSamples]);
    expect(taken.indexAt(t.at(-1)!)).toBe(until);
    expect(taken.slice(0, t.length)).toEqual({
      t: t.slice(chunkSamples, until),
      v: v.slice(chunkSamples, until),
    });
  });

  test('show a spike of one sample at every width', () => {
    const count = 200_000;
    const series = createSeries({ kind: 'linear' });
    const t = Float64Array.from({ length: count }, (_, i) => i * 100);
    const v = new Float64Array(count);
    v[123_457] = 9;
    series.append(t, v);
    for (const dt of [10, 100, 777, 10_000, 1_234_567, 20_000_000]) {
      const spike = Math.floor((123_457 * 100) / dt);
      expect(series.query(dt, spike, 1).max[0]).toBe(9);
      expect(series.query(dt, spike - 1, 3).max[1]).toBe(9);
    }
  });

  test('have no extent where a value is not a number', () => {
    const series = createSeries({ kind: 'linear' });
    series.append([100, 200, 210], [1, NaN, 5]);
    expect(series.query(100, 0, 4)).toEqual({
      min: Float32Array.of(NaN, 1, 5, NaN),
      max: Float32Array.of(NaN, 1, 5, NaN),
    });
    series.append([300], [NaN]);
    expect(series.query(100, 3, 1).min[0]).toBeNaN();
  });
});

test('samples that go back in time are left out and counted', () => {
  const series = createSeries({ kind: 'linear' });
  expect(series.append([10, 20, 15, 20, 30, NaN, Infinity], [1, 2, 3, 4, 5, 6, 7])).toBe(3);
  expect(series.slice(0, 10)).toEqual({ t: Float64Array.of(10, 20, 20, 30), v: Float64Array.of(1, 2, 4, 5) });
  expect(series.indexAt(20)).toBe(1);
  expect(series.indexAt(21)).toBe(3);
  expect(series.timeAt(3)).toBe(30);
  expect(series.timeAt(4)).toBeNaN();
});

describe('columns of a step channel', () => {
  test('hold the last value until the device was last heard', () => {
    const series = createSeries({ kind: 'step' });
    series.append([150, 420], [1, 0]);
    series.heard(650);
    expect(series.query(100, 0, 9)).toEqual({
      min: Float32Array.of(NaN, 1, 1, 1, 0, 0, 0, NaN, NaN),
      max: Float32Array.of(NaN, 1, 1, 1, 1, 0, 0, NaN, NaN),
    });
  });

  test('do not hold across a gap, until the next sample', () => {
    const series = createSeries({ kind: 'step' });
    series.append([100], [1]);
    series.heard(900);
    series.addGap(310, 520, 'link lost');
    const held = series.query(100, 0, 10).min;
    expect(held).toEqual(Float32Array.of(NaN, 1, 1, 1, NaN, NaN, NaN, NaN, NaN, NaN));
    series.append([700], [1]);
    expect(series.query(100, 6, 4).min).toEqual(Float32Array.of(NaN, 1, 1, 1));
    expect(series.gaps(0, 311)).toEqual([{ from: 310, to: 520, reason: 'link lost' }]);
    expect(series.gaps(520, 900)).toEqual([]);
  });

  test('equal those counted by definition, with random samples and gaps', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const random = seeded(seed);
      const { t, v } = randomSamples(120, seed, 5000);
      const series = createSeries({ kind: 'step' });
      series.append(t, v);
      series.heard(t.at(-1)! + 500);
      for (let i = 0; i < 6; i++) {
        const from = t[0]! + Math.floor(random() * (t.at(-1)! - t[0]!));
        series.addGap(from, from + 1 + Math.floor(random() * 200), 'blocks lost');
      }
      const step = { heardUntil: series.heardUntil, gaps: [...series.gapLog] };
      for (const dt of [10, 13, 50, 400]) {
        const first = Math.floor(t[0]! / dt) - 3;
        const count = Math.floor((t.at(-1)! - t[0]!) / dt) + 60;
        expect(series.query(dt, first, count)).toEqual(bruteForce({ t, v, step }, dt, first, count));
      }
    }
  });
});
