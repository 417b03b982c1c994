import { describe, expect, it } from 'vitest';
import { planPaint, type Drawn } from './draw-plan.ts';
import { nextScale } from './scale.ts';

const drawn: Drawn = { dt: 1000, end: 500, width: 100, height: 60, scale: { low: 0, high: 1 }, version: 1 };

describe('what is painted', () => {
  it('is all at first, and when anything but the time changed', () => {
    expect(planPaint(null, drawn, null)).toEqual({ paint: 'all' });
    const changes: Partial<Drawn>[] = [
      { dt: 999 },
      { width: 101 },
      { height: 61 },
      { version: 2 },
      { scale: { low: 0, high: 2 } },
    ];
    for (const change of changes)
      expect(planPaint(drawn, { ...drawn, ...change }, null)).toEqual({ paint: 'all' });
  });

  it('is nothing while nothing moved and nothing came', () => {
    expect(planPaint(drawn, { ...drawn, scale: { low: 0, high: 1 } }, null)).toEqual({ paint: 'nothing' });
    expect(planPaint(drawn, drawn, 500)).toEqual({ paint: 'nothing' });
  });

  it('is the new columns only when the axis moved on', () => {
    expect(planPaint(drawn, { ...drawn, end: 503 }, 500)).toEqual({ paint: 'part', by: 3, from: 97 });
  });

  it('begins at the oldest column that changed', () => {
    expect(planPaint(drawn, { ...drawn, end: 503 }, 450)).toEqual({ paint: 'part', by: 3, from: 47 });
    expect(planPaint(drawn, drawn, -Infinity)).toEqual({ paint: 'part', by: 0, from: 0 });
  });

  it('is all when the axis went back or moved by a screen', () => {
    expect(planPaint(drawn, { ...drawn, end: 499 }, null)).toEqual({ paint: 'all' });
    expect(planPaint(drawn, { ...drawn, end: 600 }, null)).toEqual({ paint: 'all' });
  });
});

describe('a lane’s scale', () => {
  it('opens at once for a value outside it', () => {
    const next = nextScale({ low: 0, high: 10 }, 1, 20);
    expect(next.low).toBeLessThanOrEqual(1);
    expect(next.high).toBeGreaterThan(20);
  });

  it('stays while values wander inside it, and closes in when they use under half of it', () => {
    const scale = { low: 0, high: 10 };
    expect(nextScale(scale, 2, 8)).toBe(scale);
    expect(nextScale(scale, 4, 6)).not.toBe(scale);
  });

  it('gives a flat line room on both sides', () => {
    const { low, high } = nextScale(null, 5, 5);
    expect(low).toBeLessThan(5);
    expect(high).toBeGreaterThan(5);
  });
});
