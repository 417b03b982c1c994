/**
 * A fixed run of samples with its min/max pyramid: each node of level n covers 16 nodes of level n − 1, level 0 being
 * the samples themselves. The extent of any range costs at most 30 reads a level, whatever its length.
 */

const fanOutBits = 4;
const fanOut = 1 << fanOutBits;
const levels = 4;

/** Samples in one chunk: the top level of its pyramid is one node. */
export const chunkSamples = 1 << (fanOutBits * levels);

/** What a chunk starts with; a slow channel costs little. */
const firstCapacity = 1024;

/** A running minimum and maximum. Empty while `min > max`. */
export interface Extent {
  min: number;
  max: number;
}

interface Level {
  min: Float32Array;
  max: Float32Array;
}

/**
 * Up to 65 536 samples. Memory when full: 16 bytes a sample (time and value, float64) and 0.54 for the pyramid,
 * whose nodes are float32, as they are sent; rounding keeps order, so they equal the rounded extent of the samples.
 */
export class Chunk {
  count = 0;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
  private tree: Level[];

  constructor(isFirst: boolean) {
    const capacity = isFirst ? firstCapacity : chunkSamples;
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.tree = emptyTree(capacity);
  }

  get isFull(): boolean {
    return this.count === chunkSamples;
  }

  /** Appends one sample. A value that is not a number is kept but has no extent. */
  append(time: number, value: number): void {
    const i = this.count;
    if (i === this.t.length) this.grow();
    this.t[i] = time;
    this.v[i] = value;
    this.count = i + 1;
    for (let level = 0, node = i >> fanOutBits; level < levels; level++, node >>= fanOutBits) {
      const { min, max } = this.tree[level]!;
      if (value < min[node]!) min[node] = value;
      if (value > max[node]!) max[node] = value;
    }
  }

  /** Widens `into` by the samples [from, to). */
  widen(into: Extent, from: number, to: number): void {
    let lo = from;
    let hi = to;
    let min: Float64Array | Float32Array = this.v;
    let max: Float64Array | Float32Array = this.v;
    for (let level = 0; level < levels; level++) {
      const inner = (lo + fanOut - 1) >> fanOutBits;
      const innerEnd = hi >> fanOutBits;
      if (inner >= innerEnd) break;
      scan(into, min, max, lo, inner << fanOutBits);
      scan(into, min, max, innerEnd << fanOutBits, hi);
      lo = inner;
      hi = innerEnd;
      ({ min, max } = this.tree[level]!);
    }
    scan(into, min, max, lo, hi);
  }

  private grow(): void {
    const capacity = this.t.length * 4;
    this.t = copyInto(new Float64Array(capacity), this.t);
    this.v = copyInto(new Float64Array(capacity), this.v);
    const smaller = this.tree;
    this.tree = emptyTree(capacity);
    this.tree.forEach((level, i) => {
      level.min.set(smaller[i]!.min);
      level.max.set(smaller[i]!.max);
    });
  }
}

function copyInto(target: Float64Array<ArrayBuffer>, source: Float64Array): Float64Array<ArrayBuffer> {
  target.set(source);
  return target;
}

function emptyTree(capacity: number): Level[] {
  return Array.from({ length: levels }, (_, i) => {
    const nodes = Math.ceil(capacity / 2 ** (fanOutBits * (i + 1)));
    return { min: new Float32Array(nodes).fill(Infinity), max: new Float32Array(nodes).fill(-Infinity) };
  });
}

function scan(
  into: Extent,
  min: Float64Array | Float32Array,
  max: Float64Array | Float32Array,
  from: number,
  to: number,
): void {
  let low = into.min;
  let high = into.max;
  for (let i = from; i < to; i++) {
    if (min[i]! < low) low = min[i]!;
    if (max[i]! > high) high = max[i]!;
  }
  into.min = low;
  into.max = high;
}
