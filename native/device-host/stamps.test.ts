import { describe, expect, it } from 'vitest';
import { createStamps } from './stamps.ts';

const start = 1_795_000_000_000_000;
type Stamped = Parameters<ReturnType<typeof createStamps>['stamp']>;
/** A function that stamps and copies. */
function stamper(onChange = false) {
  const stamps = createStamps(onChange);
  return (...[count, now, deviceTimes]: Stamped) => [
    ...stamps.stamp(count, now, deviceTimes).subarray(0, count),
  ];
}
const offsets = (times: number[], from = start) => times.map((time) => time - from);

describe('stamps', () => {
  it('gives a line that came alone the time of its read', () => {
    const stamp = stamper();
    expect(offsets(stamp(1, start, null))).toEqual([0]);
    expect(offsets(stamp(1, start + 12_500, null))).toEqual([12_500]);
  });

  it('spreads the lines of one read evenly back to the last stamped time', () => {
    const stamp = stamper();
    stamp(1, start, null);
    expect(offsets(stamp(4, start + 40_000, null))).toEqual([10_000, 20_000, 30_000, 40_000]);
  });

  it('does not spread lines over a silence before them', () => {
    const stamp = stamper();
    for (let i = 0; i < 40; i++) stamp(1, start + i * 12_500, null);
    const after = start + 60_000_000;
    const [first] = offsets(stamp(2, after, null), after);
    expect(first).toBeGreaterThanOrEqual(-50_000);
    expect(first).toBeLessThan(0);
  });

  it('keeps the edges of one read together where a device speaks on change only', () => {
    const stamp = stamper(true);
    stamp(1, start, null);
    const later = start + 3_000_000;
    expect(offsets(stamp(3, later, null), later)).toEqual([-2_000, -1_000, 0]);
    expect(offsets(stamp(2, later + 500, null), later)).toEqual([250, 500]);
  });

  it("sets lines back by the device's own intervals where it tells them", () => {
    const stamp = stamper();
    stamp(1, start, [5_000]);
    expect(offsets(stamp(3, start + 900_000, [700_000, 700_030, 701_000]))).toEqual([
      899_000, 899_030, 900_000,
    ]);
  });

  it('never goes back, and rises even when the clock stands still or the device time is nonsense', () => {
    const stamp = stamper();
    const times = [
      ...stamp(100, start, null),
      ...stamp(3, start, null),
      ...stamp(3, start - 1_000_000, null),
      ...stamp(3, start + 5, [9e12, 0, 5e11]),
      ...stamp(2, start + 1_000, [0, 1e15]),
    ];
    for (let i = 1; i < times.length; i++) expect(times[i]!).toBeGreaterThan(times[i - 1]!);
  });
});
