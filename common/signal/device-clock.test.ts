import { describe, expect, it } from 'vitest';
import { createClockEstimator, type ClockEstimator } from './device-clock.ts';

const start = 1_795_000_000_000_000;

/** Uniform in [0, 1), the same in each run (a linear congruential generator, Numerical Recipes). */
function createDice(seed: number) {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

interface Simulation {
  /** How fast the device's clock runs, ppm. */
  drift: number;
  /** How long a line is on its way, microseconds. */
  delay(): number;
  perSecond: number;
  seconds: number;
  /** The device's clock at host time `start` + `from` seconds. */
  deviceAt: number;
  from?: number;
}

/** Feeds the lines of an exact clock. Answers the true device time at a host time. */
function simulate(
  clock: ClockEstimator,
  { drift, delay, perSecond, seconds, deviceAt, from = 0 }: Simulation,
) {
  const begin = start + from * 1e6;
  const truth = (host: number) => deviceAt + (host - begin) * (1 + drift / 1e6);
  let arrived = 0;
  for (let i = 0; i < seconds * perSecond; i++) {
    const sent = begin + (i * 1e6) / perSecond;
    arrived = Math.max(arrived + 0.25, sent + delay());
    clock.add(truth(sent), arrived);
  }
  return truth;
}

const exponential = (dice: () => number, mean: number) => () => -mean * Math.log(1 - dice());

describe("a device's clock", () => {
  it('that arrives without delay is known exactly', () => {
    const clock = createClockEstimator();
    const truth = simulate(clock, { drift: 35, delay: () => 0, perSecond: 80, seconds: 60, deviceAt: 5e6 });
    const found = clock.estimate()!;
    expect(found.drift).toBeCloseTo(35, 1);
    expect(found.at - found.offset).toBeCloseTo(truth(found.at), -1);
    expect(found.span).toBeCloseTo(59, 0);
    expect(clock.jumps).toBe(0);
  });

  it.each([
    [35, 1, 300],
    [35, 80, 60],
    [-4_000, 80, 60],
    [0, 1, 900],
    [120, 10, 60],
  ])(
    'of %d ppm is found through delays of 2 ms on average, at %d lines a second, within %d s',
    (drift, perSecond, seconds) => {
      let outside = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const clock = createClockEstimator();
        const delay = exponential(createDice(seed), 2_000);
        const truth = simulate(clock, { drift, delay, perSecond, seconds, deviceAt: 7e9 });
        const found = clock.estimate()!;
        const off = Math.abs(found.drift - drift);
        if (off > found.driftUncertainty) outside++;
        expect(off).toBeLessThan(2 * found.driftUncertainty);
        expect(found.driftUncertainty).toBeLessThan(6);
        expect(Math.abs(found.at - found.offset - truth(found.at))).toBeLessThan(2 * found.uncertainty);
        expect(clock.jumps).toBe(0);
      }
      // What is said to be sure is so 19 times out of 20.
      expect(outside).toBeLessThanOrEqual(1);
    },
  );

  it('is not said before ten seconds, nor for a device that sends no times', () => {
    const clock = createClockEstimator();
    expect(clock.estimate()).toBeNull();
    simulate(clock, { drift: 35, delay: () => 300, perSecond: 80, seconds: 9, deviceAt: 0 });
    expect(clock.estimate()).toBeNull();
    simulate(clock, {
      drift: 35,
      delay: () => 300,
      perSecond: 80,
      seconds: 2,
      deviceAt: 9e6 * 1.000035,
      from: 9,
    });
    expect(clock.estimate()).not.toBeNull();
  });

  it.each([
    ['ahead by 100 ms', 100_000],
    ['ahead by an hour', 3.6e9],
    ['back to the beginning', -30e6],
  ])('that jumps %s is told, and is known anew', (_what, by) => {
    const clock = createClockEstimator();
    const delay = exponential(createDice(3), 1_000);
    simulate(clock, { drift: 35, delay, perSecond: 80, seconds: 30, deviceAt: 0 });
    const deviceAt = 30e6 * 1.000035 + by;
    const truth = simulate(clock, { drift: 35, delay, perSecond: 80, seconds: 60, deviceAt, from: 30 });
    expect(clock.jumps).toBe(1);
    expect(clock.lastJump?.at).toBeLessThan(start + 30.1e6);
    expect(Math.abs(clock.lastJump!.by - by)).toBeLessThan(5_000);
    const found = clock.estimate()!;
    expect(found.span).toBeLessThan(61);
    expect(found.drift).toBeCloseTo(35, -1);
    expect(Math.abs(found.at - found.offset - truth(found.at))).toBeLessThan(found.uncertainty);
  });

  it('that lost 50 ms is told once it is late for ten seconds, and not for a host that was busy for five', () => {
    const clock = createClockEstimator();
    const delay = exponential(createDice(4), 500);
    simulate(clock, { drift: 0, delay, perSecond: 80, seconds: 30, deviceAt: 0 });
    simulate(clock, { drift: 0, delay: () => 60_000, perSecond: 80, seconds: 5, deviceAt: 30e6, from: 30 });
    simulate(clock, { drift: 0, delay, perSecond: 80, seconds: 20, deviceAt: 35e6, from: 35 });
    expect(clock.jumps).toBe(0);
    simulate(clock, { drift: 0, delay, perSecond: 80, seconds: 11, deviceAt: 55e6 - 50_000, from: 55 });
    expect(clock.jumps).toBe(1);
    expect(Math.abs(clock.lastJump!.by + 50_000)).toBeLessThan(5_000);
  });

  it('keeps a bounded number of points through six hours and follows a drift that changes with the warmth', () => {
    const clock = createClockEstimator();
    let deviceAt = 0;
    for (let hour = 0; hour < 6; hour++) {
      const drift = hour < 3 ? 30 : 34;
      const delay = exponential(createDice(hour + 1), 1_000);
      const truth = simulate(clock, {
        drift,
        delay,
        perSecond: 1,
        seconds: 3600,
        deviceAt,
        from: hour * 3600,
      });
      deviceAt = truth(start + (hour + 1) * 3600e6);
    }
    expect(clock.jumps).toBe(0);
    expect(clock.estimate()!.drift).toBeCloseTo(34, 0);
    expect(clock.estimate()!.span).toBeLessThan(601);
  });
});
