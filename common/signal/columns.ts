/** Columns of a query while samples are being added to them. */
/** Extents of columns one after another; NaN where a column has no sample. */
export interface Columns {
  min: Float32Array;
  max: Float32Array;
}

/** Column k covers [start(k), start(k + 1)). Samples may be added in any order. */
export class ColumnFrame {
  readonly count: number;
  private readonly dt: number;
  private readonly first: number;
  private readonly min: Float32Array;
  private readonly max: Float32Array;

  /** Columns [first, first + count) of `dt` microseconds on a grid that starts at 0. */
  constructor(dt: number, first: number, count: number) {
    this.dt = dt;
    this.first = first;
    this.count = count;
    this.min = new Float32Array(count).fill(Infinity);
    this.max = new Float32Array(count).fill(-Infinity);
  }

  start(k: number): number {
    return (this.first + k) * this.dt;
  }

  /** The column of a time; below 0 or from `count` on where it is outside. */
  columnOf(time: number): number {
    let k = Math.floor(time / this.dt) - this.first;
    // A quotient may round over an edge; the edges are what counts.
    while (time < this.start(k)) k--;
    while (time >= this.start(k + 1)) k++;
    return k;
  }

  widen(k: number, min: number, max: number): void {
    if (min < this.min[k]!) this.min[k] = min;
    if (max > this.max[k]!) this.max[k] = max;
  }

  /** Whether samples of [min, max] would change none of the columns [from, to], whichever of them they fall into. */
  covers(from: number, to: number, min: number, max: number): boolean {
    const end = Math.min(to, this.count - 1);
    for (let k = Math.max(0, from); k <= end; k++) if (min < this.min[k]! || max > this.max[k]!) return false;
    return true;
  }

  finish(): Columns {
    const { min, max } = this;
    for (let k = 0; k < this.count; k++) if (!(min[k]! <= max[k]!)) min[k] = max[k] = NaN;
    return { min, max };
  }
}

/** Samples one after another, of which the first `count` are looked at: a body in memory may grow meanwhile. */
export interface Body {
  /** Time and value of sample `i`; NaN where it can't be read. */
  time(i: number): number;
  value(i: number): number;
  /** The first of the samples at or after `time`; `count` when there is none. */
  lowerBound(time: number, count: number): number;
  /** Adds the samples that fall into the frame's columns. */
  addTo(frame: ColumnFrame, count: number): void;
  /** Copies samples [from, to) to `t` and `v` at `at`. */
  copy(from: number, to: number, t: Float64Array, v: Float64Array, at: number): void;
}
