/**
 * A run of samples with its min/max pyramid: each node of level 0 covers 16 samples, each of level 1 16 of those. A
 * query looks at single samples only where a column begins or ends in the midst of a node (node-walk.ts).
 */

export const fanOutBits = 4;
export const fanOut = 1 << fanOutBits;

/** Samples in one chunk: 256 nodes of level 1. */
export const chunkSamples = fanOut ** 4;

/** What a chunk starts with; a slow channel costs little. */
const firstCapacity = 1024;

/**
 * Up to 65 536 samples. Memory when full: 16 bytes a sample (time and value, float64) and 1.06 for the pyramid, whose
 * extents are float32, as they are sent; rounding keeps order, so they equal the rounded extent of the samples.
 */
export class Chunk {
  count = 0;
  t: Float64Array<ArrayBuffer>;
  v: Float64Array<ArrayBuffer>;
  /** Extents of nodes over 16 and over 256 samples: minimum and maximum of node n at 2n and 2n + 1. Not to be changed. */
  fine: Float32Array;
  coarse: Float32Array;
  /** Times of the first sample of each node: side by side, so that a walk over nodes does not wait for memory. */
  fineTimes: Float64Array<ArrayBuffer>;
  coarseTimes: Float64Array<ArrayBuffer>;

  constructor(isFirst: boolean) {
    const capacity = isFirst ? firstCapacity : chunkSamples;
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.fine = emptyExtents(capacity >> fanOutBits);
    this.coarse = emptyExtents(capacity >> (2 * fanOutBits));
    this.fineTimes = new Float64Array(capacity >> fanOutBits);
    this.coarseTimes = new Float64Array(capacity >> (2 * fanOutBits));
  }

  get isFull(): boolean {
    return this.count === chunkSamples;
  }

  /** Of all its samples, rounded to float32; `min > max` where none is a number. */
  get extent(): { min: number; max: number } {
    let [min, max] = [Infinity, -Infinity];
    for (let i = 0; i < this.coarse.length; i += 2) {
      min = Math.min(min, this.coarse[i]!);
      max = Math.max(max, this.coarse[i + 1]!);
    }
    return { min, max };
  }

  /** Appends one sample. A value that is not a number is kept but has no extent. */
  append(time: number, value: number): void {
    const i = this.count;
    if (i === this.t.length) this.grow();
    this.t[i] = time;
    this.v[i] = value;
    this.count = i + 1;
    const node = i >> fanOutBits;
    widen(this.fine, node, value);
    widen(this.coarse, node >> fanOutBits, value);
    if ((i & (fanOut - 1)) !== 0) return;
    this.fineTimes[node] = time;
    if ((node & (fanOut - 1)) === 0) this.coarseTimes[node >> fanOutBits] = time;
  }

  private grow(): void {
    const capacity = this.t.length * 4;
    const { t, v, fine, coarse, fineTimes, coarseTimes } = this;
    this.t = new Float64Array(capacity);
    this.v = new Float64Array(capacity);
    this.fine = emptyExtents(capacity >> fanOutBits);
    this.coarse = emptyExtents(capacity >> (2 * fanOutBits));
    this.fineTimes = new Float64Array(capacity >> fanOutBits);
    this.coarseTimes = new Float64Array(capacity >> (2 * fanOutBits));
    this.t.set(t);
    this.v.set(v);
    this.fine.set(fine);
    this.coarse.set(coarse);
    this.fineTimes.set(fineTimes);
    this.coarseTimes.set(coarseTimes);
  }
}

function widen(extents: Float32Array, node: number, value: number): void {
  if (value < extents[node * 2]!) extents[node * 2] = value;
  if (value > extents[node * 2 + 1]!) extents[node * 2 + 1] = value;
}

function emptyExtents(nodes: number): Float32Array {
  const extents = new Float32Array(nodes * 2);
  for (let n = 0; n < extents.length; n += 2) {
    extents[n] = Infinity;
    extents[n + 1] = -Infinity;
  }
  return extents;
}
