/** Follows the numbers of frames and counts what never came. */
export interface FrameSequence {
  /**
   * A frame of `rows` rows came. Times are the board's, in microseconds. False when it came before: nothing changes then.
   */
  follow(number: number, time: number, rows: number, interval: number): boolean;
  /** Rows that never came, since this was last asked. */
  takeLost(): number;
}

const numbers = 0x1_0000;

/**
 * A lost frame is taken to have had as many rows as the one before it. The board's clock tells how often the 16-bit
 * numbers went round in between, and a new start of the board (its clock goes back, or the number jumps without time having
 * gone by) from a loss.
 */
export function createFrameSequence(): FrameSequence {
  let last: { number: number; time: number; rows: number; interval: number } | null = null;
  let lost = 0;

  /** Frames that fit in between by the clock; NaN where the frames do not say how long they last. */
  function framesBetween(before: NonNullable<typeof last>, time: number): number {
    const duration = before.rows * before.interval;
    return duration > 0 ? (time - before.time) / duration - 1 : NaN;
  }

  function missing(before: NonNullable<typeof last>, number: number, time: number): number {
    if (time < before.time) return 0;
    const jump = (number - before.number - 1 + numbers) % numbers;
    const between = framesBetween(before, time);
    if (Number.isNaN(between)) return jump < numbers / 2 ? jump : 0;
    if (jump >= numbers / 2 && between < jump / 2) return 0;
    const rounds = jump === 0 ? 0 : Math.max(0, Math.round((between - jump) / numbers));
    return jump + rounds * numbers;
  }

  return {
    follow(number, time, rows, interval) {
      if (last && last.number === number && last.time === time) return false;
      if (last) lost += missing(last, number, time) * Math.max(1, last.rows);
      last = { number, time, rows, interval };
      return true;
    },
    takeLost() {
      const count = lost;
      lost = 0;
      return count;
    },
  };
}
