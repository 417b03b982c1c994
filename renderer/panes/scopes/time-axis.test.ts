import { describe, expect, it } from 'vitest';
import {
  axisAt,
  divisionLabel,
  divisionOf,
  divisions,
  endOf,
  longestSpan,
  shortestSpan,
  startOf,
  timeAt,
  xOf,
  zoomAbout,
} from './time-axis.ts';

const now = 1_795_000_000_000_000;

describe('the time axis', () => {
  it('shows a moment in its last column', () => {
    const axis = axisAt(20_000_000, 1000, now);
    expect(axis.dt).toBe(20_000);
    expect(startOf(axis)).toBe(endOf(axis) - 20_000_000);
    expect(endOf(axis) - now).toBeGreaterThan(0);
    expect(endOf(axis) - now).toBeLessThanOrEqual(axis.dt);
  });

  it('finds the time of a place and the place of a time', () => {
    const axis = axisAt(5_000_000, 760, now);
    for (const x of [0, 1, 380, 759]) expect(xOf(axis, timeAt(axis, x))).toBeCloseTo(x, 3);
  });

  it('keeps the time under the pointer when it zooms', () => {
    const before = { span: 20e6, end: now };
    const after = zoomAbout(before.span, before.end, 0.5, 0.25);
    const under = ({ span, end }: typeof before) => end - span * 0.75;
    expect(under(after)).toBeCloseTo(under(before), 0);
    expect(after.span).toBe(10e6);
  });

  it('stops zooming at its ends', () => {
    expect(zoomAbout(shortestSpan, now, 0.1, 1)).toEqual({ span: shortestSpan, end: now });
    expect(zoomAbout(longestSpan, now, 10, 1).span).toBe(longestSpan);
  });

  it('draws division lines on round times, far enough apart', () => {
    const axis = axisAt(20_000_000, 1000, now);
    const step = divisionOf(axis, 90);
    expect(step).toBe(2_000_000);
    const times = divisions(axis, step);
    expect(times).toHaveLength(10);
    expect(times.every((at) => at % step === 0)).toBe(true);
  });

  it('labels times in UTC with as many digits as their step needs', () => {
    const at = Date.UTC(2026, 10, 24, 11, 4, 12, 250) * 1000;
    expect(divisionLabel(at, 1e6)).toBe('11:04:12');
    expect(divisionLabel(at, 5e4)).toBe('11:04:12.25');
    expect(divisionLabel(at, 1e3)).toBe('11:04:12.250');
  });
});
