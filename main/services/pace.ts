/** How long a service took for its last nine answers. */
export interface Pace {
  add(millis: number): void;
  /** Null before the first. */
  median(): number | null;
  /** The median is over twice what is expected, where that is known; not judged before three answers. */
  isSlow(): boolean;
}

const most = 9;
const least = 3;

export function createPace(expectedMs: number | undefined): Pace {
  const last: number[] = [];
  const median = () => [...last].sort((a, b) => a - b)[Math.floor(last.length / 2)] ?? null;
  return {
    add(millis) {
      last.push(millis);
      if (last.length > most) last.shift();
    },
    median,
    isSlow: () => expectedMs !== undefined && last.length >= least && median()! > 2 * expectedMs,
  };
}
