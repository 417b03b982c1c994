/**
 * A service's clock against the host's from the Date of its answers. Each says: at a moment between sending and
 * receiving its clock stood in [date, date + 1 s). So its offset (service − host) lies between two bounds; those of many
 * answers intersect to far less than a second (Cristian's algorithm with whole seconds).
 */
export interface DateClock {
  /** Microseconds since 1970, the first two on the host's axis. */
  add(sent: number, received: number, date: number): void;
  /** Null before the first. */
  estimate(): { offsetMicros: number; uncertaintyMicros: number } | null;
}

const second = 1_000_000;
/** How far two clocks of quartz may drift apart: 100 ppm. */
const drift = 1e-4;

export function createDateClock(): DateClock {
  let low = -Infinity;
  let high = Infinity;
  let at = 0;
  return {
    add(sent, received, date) {
      const widened = at === 0 ? 0 : Math.abs(received - at) * drift;
      at = received;
      const [from, to] = [date - received, date + second - sent];
      const next = [Math.max(low - widened, from), Math.min(high + widened, to)] as const;
      // Bounds that no longer meet: one of the clocks was set. The newest answer is what holds now.
      [low, high] = next[0] <= next[1] ? next : [from, to];
    },
    estimate: () =>
      at === 0
        ? null
        : { offsetMicros: Math.round((low + high) / 2), uncertaintyMicros: Math.round((high - low) / 2) },
  };
}
