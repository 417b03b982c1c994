import { expect, it } from 'vitest';
import { createSampleRates } from './sample-rates.ts';

const start = 1_795_000_000_000_000;
/** Blocks of 2 samples of a channel, `count` samples from `start` on, one each `step` µs. */
function feed(rates: ReturnType<typeof createSampleRates>, channel: string, step: number, count: number) {
  for (let i = 0; i < count; i += 2) {
    const t = Float64Array.of(start + i * step, start + (i + 1) * step);
    rates.note({ channel, seq: i / 2, t, v: new Float64Array(2) });
  }
  return start + (count - 1) * step;
}

it('says the exact rate of a steady channel, from its second sample on', () => {
  const rates = createSampleRates();
  feed(rates, 'a', 12_400, 2);
  expect(rates.at(start + 12_400).a).toBeCloseTo(1e6 / 12_400, 6);
  const last = feed(rates, 'b', 12_400, 4_000);
  expect(rates.at(last + 20_000).b).toBeCloseTo(1e6 / 12_400, 6);
});

it('follows a channel that goes at half its rate within five seconds', () => {
  const rates = createSampleRates();
  const last = feed(rates, 'a', 12_500, 800);
  for (let i = 1; i <= 220; i++)
    rates.note({ channel: 'a', seq: i, t: Float64Array.of(last + i * 25_000), v: new Float64Array(1) });
  expect(rates.at(last + 220 * 25_000).a).toBeCloseTo(40, 6);
});

it('falls to nothing when nothing comes', () => {
  const rates = createSampleRates();
  const last = feed(rates, 'a', 10_000, 1000);
  expect(rates.at(last + 900_000).a).toBeCloseTo(100, 6);
  expect(rates.at(last + 2_500_000).a).toBeCloseTo(50, -1);
  expect(rates.at(last + 5_000_000).a).toBe(0);
  expect(rates.at(last + 60_000_000).a).toBe(0);
});

it('knows only channels that gave something', () => {
  expect(createSampleRates().at(start)).toEqual({});
});
