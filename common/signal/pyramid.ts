/**
 * A fixed run of samples with its min/max pyramid: each node of level n covers 16 nodes of level n − 1, level 0 being
 * the samples themselves. The extent of any range costs at most 30 reads a level, whatever its length.
 */

export const fanOutBits = 4;
export const fanOut = 1 << fanOutBits;
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

/**
 * Up to 65 536 samples. Memory when full: 16 bytes a sample (time and value, float64) and 0.54 for the pyramid,
 * whose nodes are float32, as they are sent; rounding keeps order, so they equal the rounded extent of the samples.
 */
export class Chunk {
  count = 0;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
  /** One array a level: minimum and maximum of node n at 2n and 2n + 1 (one cache line serves both). */
  private tree: Float32Array[];

  constructor(isFirst: boolean) {
    const capacity = isFirst ? firstCapacity : chunkSamples;
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.tree = emptyTree(capacity);
  }

  get isFull(): boolean {
    return this.count === chunkSamples;
  }

  /** The extents of level `level`: minimum and maximum of node n at 2n and 2n + 1. Not to be changed. */
  nodes(level: number): Float32Array {
    return this.tree[level]!;
  }

  /** Appends one sample. A value that is not a number is kept but has no extent. */
  append(time: number, value: number): void {
    const i = this.count;
    if (i === this.t.length) this.grow();
    this.t[i] = time;
    this.v[i] = value;
    this.count = i + 1;
    for (let level = 0, node = i >> fanOutBits; level < levels; level++, node >>= fanOutBits) {
      const nodes = this.tree[level]!;
      if (value < nodes[node * 2]!) nodes[node * 2] = value;
      if (value > nodes[node * 2 + 1]!) nodes[node * 2 + 1] = value;
    }
  }

  /** Widens `into` by the samples [from, to). */
  widen(into: Extent, from: number, to: number): void {
    let lo = (from + fanOut - 1) >> fanOutBits;
    let hi = to >> fanOutBits;
    if (lo >= hi) return scanSamples(into, this.v, from, to);
    scanSamples(into, this.v, from, lo << fanOutBits);
    scanSamples(into, this.v, hi << fanOutBits, to);
    for (let level = 0; ; level++) {
      const nodes = this.tree[level]!;
      const inner = (lo + fanOut - 1) >> fanOutBits;
      const innerEnd = hi >> fanOutBits;
      if (level === levels - 1 || inner >= innerEnd) return scanNodes(into, nodes, lo, hi);
      scanNodes(into, nodes, lo, inner << fanOutBits);
      scanNodes(into, nodes, innerEnd << fanOutBits, hi);
      lo = inner;
      hi = innerEnd;
    }
  }

  private grow(): void {
    const capacity = this.t.length * 4;
    this.t = copyInto(new Float64Array(capacity), this.t);
    this.v = copyInto(new Float64Array(capacity), this.v);
    const smaller = this.tree;
    this.tree = emptyTree(capacity);
    this.tree.forEach((nodes, i) => nodes.set(smaller[i]!));
  }
}

function copyInto(target: Float64Array<ArrayBuffer>, source: Float64Array): Float64Array<ArrayBuffer> {
  target.set(source);
  return target;
}

function emptyTree(capacity: number): Float32Array[] {
  return Array.from({ length: levels }, (_, i) => {
    const nodes = new Float32Array(2 * Math.ceil(capacity / 2 ** (fanOutBits * (i + 1))));
    for (let n = 0; n < nodes.length; n += 2) {
      nodes[n] = Infinity;
      nodes[n + 1] = -Infinity;
    }
    return nodes;
  });
}

// Two functions, so that each sees one kind of array and stays fast.
function scanSamples(into: Extent, values: Float64Array, from: number, to: number): void {
  let { min, max } = into;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  into.min = min;
  into.max = max;
}

function scanNodes(into: Extent, nodes: Float32Array, from: number, to: number): void {
  let { min, max } = into;
  for (let i = from * 2; i < to * 2; i += 2) {
    if (nodes[i]! < min) min = nodes[i]!;
    if (nodes[i + 1]! > max) max = nodes[i + 1]!;
  }
  into.min = min;
  into.max = max;
}
