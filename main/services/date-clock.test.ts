import { describe, expect, it } from 'vitest';
import { createDateClock } from './date-clock.ts';

const start = 1_795_000_000_000_000;
const secondOf = (micros: number) => Math.floor(micros / 1e6) * 1e6;

/** An answer to a question sent `at`, 2 ms there and 3 ms back, of a clock `offset` ahead. */
function answer(clock: ReturnType<typeof createDateClock>, at: number, offset: number): void {
  clock.add(at, at + 5000, secondOf(at + 2000 + offset));
}

describe('a clock known by its seconds', () => {
  it('is known to within the way of an answer after many answers', () => {
    const clock = createDateClock();
    expect(clock.estimate()).toBeNull();
    answer(clock, start, 1_234_567);
    expect(clock.estimate()!.uncertaintyMicros).toBeGreaterThan(400_000);
    for (let i = 1; i < 300; i++) answer(clock, start + i * 1_003_700, 1_234_567);
    const { offsetMicros, uncertaintyMicros } = clock.estimate()!;
    expect(uncertaintyMicros).toBeLessThan(30_000);
    expect(Math.abs(offsetMicros - 1_234_567)).toBeLessThanOrEqual(uncertaintyMicros);
  });

  it('is followed when it is set', () => {
    const clock = createDateClock();
    for (let i = 0; i < 50; i++) answer(clock, start + i * 1_003_700, 0);
    for (let i = 50; i < 300; i++) answer(clock, start + i * 1_003_700, -3_600e6);
    const { offsetMicros, uncertaintyMicros } = clock.estimate()!;
    expect(Math.abs(offsetMicros + 3_600e6)).toBeLessThanOrEqual(uncertaintyMicros);
  });
});
