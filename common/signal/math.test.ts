import { describe, expect, it } from 'vitest';
import { createMath, parseMath, type MathStream } from './math.ts';

const second = 1e6;
const stream = (expression: string, options: { stale?: number; patience?: number } = {}) =>
  createMath(parseMath(expression), { stale: second, patience: second / 2, ...options });

/** Pairs of seconds and value. */
function push(to: MathStream, channel: string, ...pairs: [number, number][]): void {
  to.push(
    channel,
    pairs.map(([t]) => t * second),
    pairs.map(([, v]) => v),
  );
}
const take = (from: MathStream, now: number): [number, number][] => {
  const { t, v } = from.take(now * second);
  return Array.from(t, (time, i) => [time / second, v[i]!]);
};

/** The results of one channel's values, ten a second. */
function resultsOf(expression: string, ...values: number[]): number[] {
  const one = stream(expression);
  push(one, 'a/x', ...values.map((value, i): [number, number] => [i / 10, value]));
  return take(one, 1000).map(([, value]) => value);
}

describe('channels of different times', () => {
  it('are taken at the times of all of them, with the last value held', () => {
    const sum = stream('[a/w] + [b/w]');
    push(sum, 'a/w', [0, 1], [0.1, 2], [0.2, 3]);
    push(sum, 'b/w', [0.05, 10], [0.1, 20], [0.15, 30]);
    // b has come to 0.15: what it is at 0.2 is not known yet.
    expect(take(sum, 0.2)).toEqual([
      [0.05, 11],
      [0.1, 22],
      [0.15, 32],
    ]);
    push(sum, 'b/w', [0.25, 40]);
    expect(take(sum, 0.25)).toEqual([[0.2, 33]]);
  });

  it('are waited for, but not for ever', () => {
    const sum = stream('[a/w] + [b/w]');
    push(sum, 'a/w', [0, 1], [0.3, 2]);
    push(sum, 'b/w', [0, 10]);
    expect(take(sum, 0.7)).toEqual([[0, 11]]);
    expect(take(sum, 0.8)).toEqual([[0.3, 12]]);
    // Later than it was waited for: it counts from now on.
    push(sum, 'b/w', [0.2, 20]);
    push(sum, 'a/w', [0.4, 3]);
    push(sum, 'b/w', [0.4, 30]);
    push(sum, 'a/w', [0.5, 4]);
    expect(take(sum, 1)).toEqual([
      [0.4, 33],
      [0.5, 34],
    ]);
  });

  it('give nothing while one of them is stale or has not come', () => {
    const sum = stream('[a/w] + [b/w]');
    push(sum, 'a/w', [0, 1], [1, 2], [2, 3], [3, 4]);
    push(sum, 'b/w', [1, 10]);
    // b's value of 1 s counts until 2 s.
    expect(take(sum, 10)).toEqual([
      [1, 12],
      [2, 13],
    ]);
  });

  it('hold a step channel for as long as it is heard', () => {
    const gated = stream('[a/w] * [beam/beam]');
    push(gated, 'beam/beam', [0, 1]);
    push(gated, 'a/w', [1, 5], [4, 6], [7, 7]);
    gated.heard('beam/beam', 5 * second);
    expect(take(gated, 10)).toEqual([
      [1, 5],
      [4, 6],
    ]);
  });

  it('give the same results however they are cut', () => {
    let seed = 11;
    const random = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const expression = 'avg([a/w] - delay([b/w], 0.3), 0.5) + median([b/w], 5) * d([a/w])';
    const of = (offset: number): [number, number][] =>
      Array.from({ length: 400 }, (_, i) => [i / 80 + offset, Math.round(random() * 64)]);
    const [a, b] = [of(0), of(0.004)];
    const whole = stream(expression);
    push(whole, 'a/w', ...a);
    push(whole, 'b/w', ...b);
    const wanted = take(whole, 1000);
    expect(wanted.length).toBeGreaterThan(700);
    const cut = stream(expression);
    const found: [number, number][] = [];
    for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
      const [toI, toJ] = [i + Math.floor(random() * 20), j + Math.floor(random() * 20)];
      push(cut, 'a/w', ...a.slice(i, toI));
      push(cut, 'b/w', ...b.slice(j, toJ));
      [i, j] = [toI, toJ];
      found.push(...take(cut, 0));
    }
    found.push(...take(cut, 1000));
    expect(found).toEqual(wanted);
  });
});

describe('what is computed', () => {
  it('is arithmetic, and nothing where it is no number', () => {
    expect(resultsOf('2 * [a/x] - 10 / (4 - -1)', 1, 2)).toEqual([0, 2]);
    expect(resultsOf('1 / [a/x]', 2, 0, 4)).toEqual([0.5, 0.25]);
    expect(resultsOf('abs([a/x])', -3, 2)).toEqual([3, 2]);
    expect(resultsOf('min([a/x], 5, 2 * [a/x])', -3, 2, 9)).toEqual([-6, 2, 5]);
    expect(resultsOf('max([a/x], 5)', -3, 9)).toEqual([5, 9]);
  });

  it('is the mean of the last seconds', () => {
    // 0.25 s: the value and the two before it.
    expect(resultsOf('avg([a/x], 0.25)', 3, 6, 9, 0, 0, 0)).toEqual([3, 4.5, 6, 5, 3, 0]);
  });

  it('is the median of the last samples, which no spike moves', () => {
    expect(resultsOf('median([a/x], 3)', 1, 3, 900, 2, 2, 1)).toEqual([1, 2, 3, 3, 2, 2]);
  });

  it('is the slope a second, from the second sample on', () => {
    const slopes = resultsOf('d([a/x])', 1, 2, 0);
    expect(slopes[0]).toBeCloseTo(10, 9);
    expect(slopes[1]).toBeCloseTo(-20, 9);
    expect(slopes).toHaveLength(2);
  });

  it('is what was before', () => {
    expect(resultsOf('[a/x] - delay([a/x], 0.2)', 1, 2, 4, 8)).toEqual([3, 6]);
  });

  it('counts a sample once, whatever the times of other channels', () => {
    const sum = stream('avg([a/w], 10) + 0 * [b/w]');
    push(sum, 'a/w', [0, 1], [0.5, 4]);
    push(sum, 'b/w', [0, 0], [0.1, 0], [0.2, 0], [0.3, 0], [0.5, 0]);
    expect(take(sum, 10).map(([, value]) => value)).toEqual([1, 1, 1, 1, 2.5]);
  });

  it('does not join what was before missing data to what comes', () => {
    const slope = stream('d([a/w]) + 0 * [b/w]');
    push(slope, 'b/w', [0, 0], [0.5, 0], [3, 0], [3.5, 0]);
    push(slope, 'a/w', [0, 1], [0.5, 2], [2, 50], [3, 100], [3.5, 101]);
    expect(take(slope, 10)).toEqual([
      [0.5, 2],
      [3.5, 2],
    ]);
  });

  it('keeps what it remembers bounded', () => {
    const mean = stream('avg([a/x], 600)');
    for (let i = 0; i < 150; i++) {
      const t = Float64Array.from({ length: 1000 }, (_, k) => i * 1000 + k);
      mean.push('a/x', t, new Float64Array(1000).fill(i < 50 ? 7 : 1));
      mean.take(0);
    }
    mean.push('a/x', [150_000], [1]);
    // The 50 000 sevens are 100 000 values ago.
    expect(mean.take(0).v).toEqual(Float64Array.of(1));
  });
});
