import type { Body, ColumnFrame } from './columns.ts';
import { addLevels, type Level, type Levels, type SampleRun } from './node-walk.ts';
import type { Chunk } from './pyramid.ts';

/** The samples of a chunk that is in memory. */
export class MemoryBody implements Body, Levels {
  private readonly chunk: Chunk;

  constructor(chunk: Chunk) {
    this.chunk = chunk;
  }

  get total(): number {
    return this.chunk.count;
  }

  get lastTime(): number {
    return this.chunk.t[this.chunk.count - 1]!;
  }

  time(i: number): number {
    return this.chunk.t[i] ?? NaN;
  }

  value(i: number): number {
    return this.chunk.v[i] ?? NaN;
  }

  lowerBound(time: number, count: number): number {
    const { t } = this.chunk;
    let lo = 0;
    let hi = count;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (t[middle]! < time) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  addTo(frame: ColumnFrame, count: number): void {
    addLevels(this, frame, count);
  }

  copy(from: number, to: number, t: Float64Array, v: Float64Array, at: number): void {
    t.set(this.chunk.t.subarray(from, to), at);
    v.set(this.chunk.v.subarray(from, to), at);
  }

  coarse(): Level {
    return { times: this.chunk.coarseTimes, extents: this.chunk.coarse, base: 0 };
  }

  fine(): Level {
    return { times: this.chunk.fineTimes, extents: this.chunk.fine, base: 0 };
  }

  samples(): SampleRun {
    return { times: this.chunk.t, values: this.chunk.v, base: 0, origin: 0, scale: 1 };
  }
}
