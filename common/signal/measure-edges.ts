/** Edges and pulses of a window. */
import type { Measurement } from '../contract/signals.ts';
import { Crossings, type Crossing, type CrossingOptions } from './crossings.ts';

type Edges = NonNullable<Measurement['edges']>;

/** Samples and the gaps between them, in order of time: what follows a gap is not joined to what was before. */
export type Stretch = { t: number; v: number } | { gapFrom: number };

interface Widths {
  count: number;
  sum: number;
  min: number;
  max: number;
}

const noWidths = (): Widths => ({ count: 0, sum: 0, min: Infinity, max: -Infinity });

/** `bounceWithin`: microseconds. A step channel holds its last value `until`. */
export function measureEdges(
  stretches: Iterable<Stretch>,
  options: CrossingOptions & { bounceWithin: number; until: number },
): Edges {
  const crossings = new Crossings(options);
  const counter = createCounter(options.bounceWithin);
  let last = NaN;
  for (const stretch of stretches) {
    if ('gapFrom' in stretch) {
      if (options.kind === 'step') counter.lasts(stretch.gapFrom);
      crossings.break();
      counter.break();
      continue;
    }
    const wasHigh = crossings.isHigh;
    const crossing = crossings.push(stretch.t, stretch.v);
    if (crossing) counter.edge(crossing);
    else if (wasHigh === null && crossings.isHigh !== null) counter.known(stretch.t, crossings.isHigh);
    last = stretch.t;
    counter.lasts(last);
  }
  if (options.kind === 'step' && options.until > last) counter.lasts(options.until);
  return { level: options.level, ...counter.result() };
}

function createCounter(bounceWithin: number) {
  const edges = { rising: 0, falling: 0, bounces: 0 };
  const time = { high: 0, low: 0 };
  const widths = { high: noWidths(), low: noWidths() };
  /** Times from one edge to the next of the same direction. */
  const periods = { rising: noWidths(), falling: noWidths() };
  const before = { rising: NaN, falling: NaN };
  let lastEdge = NaN;
  let isHigh: boolean | null = null;
  let from = NaN;
  let until = NaN;

  const side = () => (isHigh ? 'high' : 'low');
  const endStretch = (at: number) => {
    if (isHigh !== null && at > from) time[side()] += at - from;
  };
  return {
    known(at: number, high: boolean) {
      isHigh = high;
      from = until = at;
    },
    /** The signal is known until `at`. */
    lasts(at: number) {
      until = at;
    },
    edge({ at, rising }: Crossing) {
      const direction = rising ? 'rising' : 'falling';
      edges[direction]++;
      if (at - lastEdge < bounceWithin) edges.bounces++;
      if (!Number.isNaN(lastEdge)) add(widths[side()], at - lastEdge);
      if (!Number.isNaN(before[direction])) add(periods[direction], at - before[direction]);
      endStretch(at);
      before[direction] = lastEdge = from = at;
      isHigh = rising;
    },
    break() {
      endStretch(until);
      before.rising = before.falling = lastEdge = NaN;
      isHigh = null;
    },
    result() {
      endStretch(until);
      const known = time.high + time.low;
      const period = periods.rising.count >= periods.falling.count ? periods.rising : periods.falling;
      return {
        ...edges,
        frequency: period.count > 0 && period.sum > 0 ? (period.count * 1e6) / period.sum : null,
        duty: known > 0 ? time.high / known : null,
        high: told(widths.high),
        low: told(widths.low),
      };
    },
  };
}

function add(to: Widths, micros: number): void {
  to.count++;
  to.sum += micros;
  to.min = Math.min(to.min, micros);
  to.max = Math.max(to.max, micros);
}

function told({ count, sum, min, max }: Widths) {
  return count > 0 ? { count, min, mean: sum / count, max } : null;
}
