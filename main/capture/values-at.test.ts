import { describe, expect, test } from 'vitest';
import { createSeries, type Series } from '../../common/signal/series.ts';
import { valuesAt } from './values-at.ts';

const start = 1_795_000_000_000_000;

function sourceOf(series: Record<string, Series>) {
  return { series: (id: string) => series[id] };
}

function weightOf(t: number[], v: number[]): Series {
  const series = createSeries({ kind: 'linear' });
  series.append(
    t.map((time) => start + time),
    v,
  );
  return series;
}

describe('the value at a moment', () => {
  test('is that of the last sample at or before it, with its own time', () => {
    const source = sourceOf({ weight: weightOf([0, 10, 20], [5, 6, 7]) });
    const at = (time: number) => valuesAt(source, ['weight'], start + time)[0];
    expect(at(-1)).toEqual({ channel: 'weight', t: null, v: null, isHeld: false });
    expect(at(0)).toEqual({ channel: 'weight', t: start, v: 5, isHeld: true });
    expect(at(9)).toEqual({ channel: 'weight', t: start, v: 5, isHeld: true });
    expect(at(10)).toEqual({ channel: 'weight', t: start + 10, v: 6, isHeld: true });
  });

  test('of several samples at one time is the last', () => {
    const source = sourceOf({ weight: weightOf([10, 10, 10, 20], [1, 2, 3, 4]) });
    expect(valuesAt(source, ['weight'], start + 10)[0]).toMatchObject({ v: 3 });
  });

  test('is not held past what was heard of the device, nor over a gap', () => {
    const beam = createSeries({ kind: 'step' });
    beam.append([start], [1]);
    beam.heard(start + 100);
    beam.addGap(start + 100, start + 200, 'the link was lost');
    const source = sourceOf({ beam });
    const heldAt = (time: number) => valuesAt(source, ['beam'], start + time)[0]!.isHeld;
    expect(heldAt(100)).toBe(true);
    expect(heldAt(101)).toBe(false);
    beam.heard(start + 300);
    expect(heldAt(250)).toBe(false);
    beam.append([start + 260], [0]);
    expect(heldAt(280)).toBe(true);
    beam.lostSince = start + 270;
    expect(heldAt(280)).toBe(false);
  });

  test('of what is no number is told to be none', () => {
    const source = sourceOf({ weight: weightOf([0], [NaN]) });
    expect(valuesAt(source, ['weight'], start)[0]).toMatchObject({ t: start, v: null });
  });

  test('of a channel that is not there is refused', () => {
    expect(() => valuesAt(sourceOf({}), ['nothing'], start)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
  });
});
