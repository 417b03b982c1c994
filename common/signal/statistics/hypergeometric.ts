import type { Random } from './random.ts';

const tableLength = 256;
const table = new Float64Array(tableLength);
for (let n = 2; n < tableLength; n++) table[n] = table[n - 1]! + Math.log(n);

/** ln n!, exact to about 1e-15 of it: a table, then Stirling's series. */
export function logFactorial(n: number): number {
  if (n < tableLength) return table[n]!;
  const inverse = 1 / n;
  return (
    (n + 0.5) * Math.log(n) -
    n +
    0.5 * Math.log(2 * Math.PI) +
    inverse * (1 / 12 - inverse * inverse * (1 / 360 - (inverse * inverse) / 1260))
  );
}

const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k);

/** The chance that of `taken` out of `marked` and `plain` ones just k are marked. */
export function hypergeometric(k: number, marked: number, plain: number, taken: number): number {
  if (k < Math.max(0, taken - plain) || k > Math.min(marked, taken)) return 0;
  return Math.exp(logChoose(marked, k) + logChoose(plain, taken - k) - logChoose(marked + plain, taken));
}

/**
 * Draws how many of `taken` are marked: by inversion outwards from the likeliest number, so that the cost is the spread
 * and not the count.
 */
export function drawMarked(random: Random, marked: number, plain: number, taken: number): number {
  const [low, high] = [Math.max(0, taken - plain), Math.min(marked, taken)];
  if (low === high) return low;
  const mode = Math.floor(((taken + 1) * (marked + 1)) / (marked + plain + 2));
  let left = random();
  let [up, down] = [mode, mode];
  let chanceUp = hypergeometric(mode, marked, plain, taken);
  let chanceDown = chanceUp;
  left -= chanceUp;
  while (left > 0 && (up < high || down > low)) {
    if (up < high) {
      chanceUp *= ((marked - up) * (taken - up)) / ((up + 1) * (plain - taken + up + 1));
      up++;
      left -= chanceUp;
      if (left <= 0) return up;
    }
    if (down > low) {
      chanceDown *= (down * (plain - taken + down)) / ((marked - down + 1) * (taken - down + 1));
      down--;
      left -= chanceDown;
      if (left <= 0) return down;
    }
  }
  return mode;
}

/** Of how many, how many. */
export interface Share {
  count: number;
  of: number;
}

/**
 * Fisher's exact test, one-sided (1935): how likely it is that as large a part of the hits falls to `now`, if both have the
 * same share. Small: the share rose.
 */
export function roseByChance(baseline: Share, now: Share): number {
  const hits = baseline.count + now.count;
  const misses = baseline.of + now.of - hits;
  const most = Math.min(hits, now.of);
  let tail = 0;
  let chance = hypergeometric(now.count, hits, misses, now.of);
  for (let k = now.count; k <= most && (chance > tail * 1e-17 || k === now.count); k++) {
    tail += chance;
    chance *= ((hits - k) * (now.of - k)) / ((k + 1) * (misses - now.of + k + 1));
  }
  return Math.min(1, tail);
}
