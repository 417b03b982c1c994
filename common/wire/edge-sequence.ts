/** Follows the numbers and times of a beam's lines: what never came, and the time past the wrap of the board's clock. */
export interface EdgeSequence {
  /** A line came: edge number `seq`, or a heartbeat after it, at `time` (microseconds). Answers its time without wraps. */
  follow(isEdge: boolean, seq: number, time: number): number;
  /** Edges that never came, since this was last asked. */
  takeLost(): number;
}

interface Point {
  isEdge: boolean;
  seq: number;
  time: number;
  wraps: number;
}

/** `micros()` of most boards has 32 bits: it starts again after 71.6 minutes. */
const wrap = 2 ** 32;
/** A heartbeat comes each second: a clock that is ahead by so much is doubted. */
const leap = 600_000_000;
const costOfLeap = 1_000;

/**
 * Lines have no checksum: a bit error in a number would be thousands of lost edges, or a new start of the board. So a line
 * that does not follow from the one before is doubted until the next one follows from it, better than from what was there
 * before. What is lost is counted then.
 */
export function createEdgeSequence(): EdgeSequence {
  let trusted: Point | null = null;
  let doubted: Point | null = null;
  let lost = 0;

  function place(isEdge: boolean, seq: number, time: number): void {
    const next = { isEdge, seq, time, wraps: wrapsAt(time, trusted) };
    if (!trusted || cost(trusted, next) === 0) {
      trusted = next;
      doubted = null;
    } else if (doubted && cost(doubted, next) <= Math.min(cost(trusted, next), Number.MAX_VALUE)) {
      // It went on from there: a loss, or (where nothing leads there) a new start, whose cost in edges nobody knows.
      const missing = gap(trusted, doubted);
      if (Number.isFinite(missing)) lost += missing;
      trusted = doubted;
      doubted = null;
      place(isEdge, seq, time);
    } else {
      doubted = next;
    }
  }

  return {
    follow(isEdge, seq, time) {
      place(isEdge, seq, time);
      return time + (doubted ?? trusted)!.wraps * wrap;
    },
    takeLost() {
      const count = lost;
      lost = 0;
      return count;
    },
  };
}

/** Microseconds from one to the other, over the wrap if need be; negative when the clock went back. */
function elapsed(from: Point, time: number): number {
  const passed = time - from.time;
  return passed < -wrap / 2 ? passed + wrap : passed;
}

function wrapsAt(time: number, before: Point | null): number {
  if (!before || elapsed(before, time) < 0) return 0;
  return before.wraps + (time < before.time ? 1 : 0);
}

/** Edges that are missing between two lines; infinite where the second can't follow from the first. */
function gap(from: Point, to: Point): number {
  const missing = to.seq - from.seq - (to.isEdge ? 1 : 0);
  return missing < 0 || elapsed(from, to.time) < 0 ? Infinity : missing;
}

const cost = (from: Point, to: Point) => gap(from, to) + (elapsed(from, to.time) > leap ? costOfLeap : 0);
