/** Gives the moments that came in one read their times. */
export interface Stamps {
  /** A connection began at `time`: nothing that comes through it came before. */
  notBefore(time: number): void;
  /**
   * Times of `count` moments that were read at `now` (microseconds), the last one at `now`. `deviceTimes`: the device's
   * own times of the same moments, where every one has one. Rising, also from one read to the next. The answer has at
   * least `count` places and is used again by the next call.
   */
  stamp(count: number, now: number, deviceTimes: ArrayLike<number> | null): Float64Array;
}

/** A double near 2^51 (microseconds since 1970) steps by a quarter: the least by which a time can rise. */
const least = 0.25;
const longestSpread = 1_000_000;
const firstInterval = 12_500;
/** A line of a few bytes takes so long on the wire, about. */
const wireTime = 1_000;

/**
 * Arrival says only when the last moment of a read was there; those before it came earlier. With device times they are
 * set back by the device's own intervals. Else they are spread evenly between the last stamped time and now, but by no more
 * than four usual intervals each and one second in all, so that lines after a silence are not spread over the silence.
 * A clock that does not rise enough makes the times creep by a quarter microsecond; they never go back.
 */
export function createStamps(onChange = false): Stamps {
  let last = 0;
  let usual = firstInterval;
  let times = new Float64Array(256);

  function evenStep(count: number, now: number): number {
    const room = last === 0 ? count * usual : Math.max(0, now - last);
    if (onChange) return Math.min(room / count, wireTime);
    const step = Math.min(room, count * usual * 4, longestSpread) / count;
    usual += (Math.min(room / count, longestSpread) - usual) / 8;
    return step;
  }

  return {
    notBefore: (time) => void (last = Math.max(last, time)),
    stamp(count, now, deviceTimes) {
      if (times.length < count) times = new Float64Array(2 * count);
      const step = evenStep(count, now);
      const newest = deviceTimes?.[count - 1] ?? 0;
      for (let i = 0; i < count; i++) {
        const back = deviceTimes ? Math.max(0, newest - (deviceTimes[i] ?? newest)) : step * (count - 1 - i);
        last = Math.max(last + least, now - Math.min(back, longestSpread));
        times[i] = last;
      }
      return times;
    },
  };
}
