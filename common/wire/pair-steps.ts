/** How two columns move, step by step: a wrong line spoils two steps and no more. Keeps no values. */
export interface PairSteps {
  /** The x of the last pair. */
  readonly last: number;
  readonly count: number;
  /** Share of steps at which x rose. */
  readonly rising: number;
  /** Share of steps at which x stood still. */
  readonly still: number;
  /** Steps at which both moved, and in what share of them the same way (or the opposite way, if that is more often). */
  readonly moves: number;
  readonly agreement: number;
  add(x: number, y: number): void;
}

export function createPairSteps(): PairSteps {
  let [count, rises, rests, moves, together] = [0, 0, 0, 0, 0];
  let [lastX, lastY] = [NaN, NaN];
  const share = (of: number) => (count > 1 ? of / (count - 1) : 0);
  return {
    get last() {
      return lastX;
    },
    get count() {
      return count;
    },
    get rising() {
      return share(rises);
    },
    get still() {
      return share(rests);
    },
    get moves() {
      return moves;
    },
    get agreement() {
      return moves > 0 ? Math.max(together, moves - together) / moves : 0;
    },
    add(x, y) {
      count++;
      if (x > lastX) rises++;
      if (x === lastX) rests++;
      const product = (x - lastX) * (y - lastY);
      if (product > 0) together++;
      if (product > 0 || product < 0) moves++;
      [lastX, lastY] = [x, y];
    },
  };
}
