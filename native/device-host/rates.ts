/** Counts per second over the last two seconds, in four windows of half a second. */
export interface Rate {
  add(count: number): void;
  /** Ends a window; called each half second. */
  turn(): void;
  perSecond(): number;
}

/** `turn` so often, and once more, and nothing of before counts. */
export const rateWindows = 4;

export function createRate(): Rate {
  const counts = new Array<number>(rateWindows).fill(0);
  let current = 0;
  let sum = 0;
  return {
    add: (count) => void (current += count),
    turn() {
      sum += current - (counts.shift() ?? 0);
      counts.push(current);
      current = 0;
    },
    perSecond: () => sum / 2,
  };
}
