/** What the cells of a line measure: noise of an HX711, parts that pass, a slow drift, a spike now and then. */
import type { Samples } from '../../../common/signal/series.ts';

/** Samples a second, and microseconds between two. */
export const rate = 80;
export const interval = 1e6 / rate;
export const start = 1_795_000_000_000_000;

const length = 1 << 20;
const table = Float64Array.from({ length }, (_, i) => {
  // Box–Muller over a fixed sequence: the noise floor of the chip at 80/s, in counts.
  const u = ((Math.imul(i + 1, 0x9e3779b1) >>> 0) + 1) / 4294967297;
  const w = (Math.imul(i + 77, 0x85ebca6b) >>> 0) / 4294967296;
  const noise = Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * w) * 38;
  const part = i % 240 < 60 ? 42_000 : 0;
  const spike = i % 100_003 === 50_000 ? 400_000 : 0;
  return Math.round(120_000 + noise + part + spike + Math.sin((i / length) * 2 * Math.PI) * 800);
});

/** Samples [from, from + count) of channel `channel`. */
export function samplesOf(channel: number, from: number, count: number): Samples {
  const t = new Float64Array(count);
  const v = new Float64Array(count);
  const shift = channel * 131_071;
  for (let i = 0; i < count; i++) {
    t[i] = start + (from + i) * interval;
    v[i] = table[(from + i + shift) & (length - 1)]!;
  }
  return { t, v };
}
