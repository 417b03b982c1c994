import type { Body, ColumnFrame } from './columns.ts';
import type { Chunk, Extent } from './pyramid.ts';

/** The samples of a chunk that is in memory. */
export class MemoryBody implements Body {
  readonly chunk: Chunk;

  constructor(chunk: Chunk) {
    this.chunk = chunk;
  }

  time(i: number): number {
    return this.chunk.t[i] ?? NaN;
  }

  value(i: number): number {
    return this.chunk.v[i] ?? NaN;
  }

  lowerBound(time: number, count: number): number {
    return this.bisect(time, 0, count);
  }

  addTo(frame: ColumnFrame, count: number): void {
    const extent: Extent = { min: 0, max: 0 };
    let width = 1;
    for (let from = this.lowerBound(frame.start(0), count); from < count;) {
      const k = frame.columnOf(this.chunk.t[from]!);
      if (k >= frame.count) return;
      const to = this.seek(frame.start(k + 1), from, count, width);
      extent.min = Infinity;
      extent.max = -Infinity;
      this.chunk.widen(extent, from, to);
      frame.widen(k, extent.min, extent.max);
      width = to - from;
      from = to;
    }
  }

  copy(from: number, to: number, t: Float64Array, v: Float64Array, at: number): void {
    t.set(this.chunk.t.subarray(from, to), at);
    v.set(this.chunk.v.subarray(from, to), at);
  }

  /** The first index in [lo, hi] at or after `time`; every index below `lo` is before it. */
  private bisect(time: number, lo: number, hi: number): number {
    const { t } = this.chunk;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (t[middle]! < time) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  /** As lowerBound, for a `time` after sample `from`: looks first about `width` samples on. */
  private seek(time: number, from: number, count: number, width: number): number {
    const { t } = this.chunk;
    let lo = Math.min(from + width, count - 1);
    if (t[lo]! < time) {
      let hi = lo + 1;
      for (let step = 1; hi < count && t[hi]! < time; step *= 2) {
        lo = hi;
        hi += step;
      }
      return this.bisect(time, lo + 1, Math.min(hi, count));
    }
    let hi = lo;
    lo = hi - 1;
    for (let step = 1; lo > from && t[lo]! >= time; step *= 2) {
      hi = lo;
      lo = Math.max(from, lo - step);
    }
    return this.bisect(time, Math.max(from, lo), hi);
  }
}
