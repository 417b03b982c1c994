/**
 * Adds a chunk's samples to columns. It goes down the pyramid only where a node reaches over the edge of a column and
 * could change a column by it: a node whose extent all its columns have already is left as it is. So the answer is
 * exactly that of the samples one by one, and few samples are looked at.
 */
import type { ColumnFrame } from './columns.ts';
import { fanOutBits } from './pyramid.ts';

export const coarseBits = 2 * fanOutBits;

/** Some nodes of a level: node n begins at times[n − base]; its extent is at 2 (n − base) and after. */
export interface Level {
  times: Float64Array;
  extents: Float32Array;
  base: number;
}

/** Some samples: number i, at i − base, is of the time `origin + times[i − base] · scale`. */
export interface SampleRun {
  times: Float64Array | Uint32Array;
  values: Float64Array | Float32Array;
  base: number;
  origin: number;
  scale: number;
}

/** A chunk of `total` samples; null where something of it can't be read. */
export interface Levels {
  readonly total: number;
  readonly lastTime: number;
  /** All nodes over 256 samples. */
  coarse(): Level | null;
  /** The 16 nodes over 16 samples of a coarse node. */
  fine(coarseNode: number): Level | null;
  /** The samples of one fine node. */
  samples(fineNode: number): SampleRun | null;
}

export const nodesIn = (count: number, bits: number): number => (count + (1 << bits) - 1) >> bits;

const timeOf = ({ times, base }: Level, node: number): number => times[node - base]!;

/** Adds the first `count` samples. */
export function addLevels(levels: Levels, frame: ColumnFrame, count: number): void {
  const coarse = levels.coarse();
  if (!coarse) return;
  const isAll = count === levels.total;
  const nodes = nodesIn(count, coarseBits);
  const first = lastBefore(coarse, 0, nodes, frame.start(0));
  const end = firstFrom(coarse, first, nodes, frame.start(frame.count));
  // A node may hold samples that are not looked at: then each of it is.
  const until = end < nodes ? timeOf(coarse, end) : isAll ? levels.lastTime : Infinity;
  const crossing: number[] = [];
  addNodes(frame, coarse, first, end, until, crossing);
  const finer: number[] = [];
  forUncovered(frame, crossing, (node, nodeEnd) => {
    const fine = levels.fine(node);
    const fineEnd = Math.min((node + 1) << fanOutBits, nodesIn(count, fanOutBits));
    if (fine) addNodes(frame, fine, node << fanOutBits, fineEnd, nodeEnd, finer);
  });
  forUncovered(frame, finer, (node) => {
    const run = levels.samples(node);
    if (run) addSamples(frame, run, node << fanOutBits, Math.min((node + 1) << fanOutBits, count));
  });
}

/** Of nodes [from, to), the last that begins before `time`, or the first: samples at or after it are there or later. */
export function lastBefore(level: Level, from: number, to: number, time: number): number {
  return Math.max(from, firstFrom(level, from, to, time) - 1);
}

/** The first of nodes [from, to) that begins at or after `time`; `to` when there is none. */
function firstFrom(level: Level, from: number, to: number, time: number): number {
  let lo = from;
  let hi = to;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (timeOf(level, middle) < time) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** Adds those of nodes [from, to) that lie in one column. The others are put into `crossing`: see `forUncovered`. */
function addNodes(
  frame: ColumnFrame,
  level: Level,
  from: number,
  to: number,
  until: number,
  crossing: number[],
): void {
  const { times, extents, base } = level;
  let k = 0;
  let columnEnd = -Infinity;
  // The extent of the column so far: to be looked up for each node costs more than all else here.
  let [min, max] = [Infinity, -Infinity];
  let begin = times[from - base]!;
  for (let node = from; node < to; node++) {
    const end = node + 1 < to ? times[node + 1 - base]! : until;
    if (begin >= columnEnd) {
      if (k >= 0 && k < frame.count) frame.widen(k, min, max);
      k = frame.columnOf(begin);
      columnEnd = frame.start(k + 1);
      min = Infinity;
      max = -Infinity;
    }
    const low = extents[(node - base) * 2]!;
    const high = extents[(node - base) * 2 + 1]!;
    if (end >= columnEnd) crossing.push(node, k, end, low, high);
    else {
      if (low < min) min = low;
      if (high > max) max = high;
    }
    begin = end;
  }
  if (k >= 0 && k < frame.count) frame.widen(k, min, max);
}

const fields = 5;

/** Calls `visit` for the nodes in `crossing` that could change a column: number, first column, end and extent of each. */
function forUncovered(
  frame: ColumnFrame,
  crossing: readonly number[],
  visit: (node: number, end: number) => void,
): void {
  for (let i = 0; i < crossing.length; i += fields) {
    const end = crossing[i + 2]!;
    const to = end === Infinity ? frame.count : frame.columnOf(end);
    if (!frame.covers(crossing[i + 1]!, to, crossing[i + 3]!, crossing[i + 4]!)) visit(crossing[i]!, end);
  }
}

function addSamples(frame: ColumnFrame, run: SampleRun, from: number, to: number): void {
  const { times, values, base, origin, scale } = run;
  let k = 0;
  let columnEnd = -Infinity;
  for (let i = from - base; i < to - base; i++) {
    const time = origin + times[i]! * scale;
    if (time >= columnEnd) {
      k = frame.columnOf(time);
      columnEnd = frame.start(k + 1);
    }
    if (k >= 0 && k < frame.count) frame.widen(k, values[i]!, values[i]!);
  }
}
