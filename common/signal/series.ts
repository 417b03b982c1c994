/** The samples of one channel in memory, and the columns that a scope draws of them. */
import type { ChannelInfo } from '../incident/entries.ts';
import { Chunk, chunkSamples, type Extent } from './pyramid.ts';

/** Data known to be missing, [from, to) in microseconds since 1970. */
export interface Gap {
  from: number;
  to: number;
  reason: string;
}

/** Extents of columns one after another; NaN where a column has no sample. */
export interface Columns {
  min: Float32Array;
  max: Float32Array;
}

/** Samples as they were appended. */
export interface Samples {
  t: Float64Array;
  v: Float64Array;
}

export interface SeriesOptions {
  kind: ChannelInfo['kind'];
  /** Most samples kept in memory (rounded up to whole chunks of 65 536); older ones are let go. */
  maxSamples?: number;
}

/** Append-only series of one channel. Times are microseconds since 1970 and never step back. */
export interface Series {
  readonly kind: ChannelInfo['kind'];
  /** Samples ever appended. */
  readonly appended: number;
  /** Number of the oldest sample still in memory. */
  readonly oldest: number;
  /** Times of the oldest sample in memory and of the newest; NaN where there is none. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Until when the device is known to have held the channel's last value. */
  readonly heardUntil: number;
  /** Every gap in the order in which it became known. */
  readonly gapLog: readonly Gap[];
  /** Since when the link is lost; null while it is up. */
  lostSince: number | null;
  /**
   * Appends samples. Those whose time is not finite or before the last one's are left out.
   * Answers how many were left out. Cost is constant per sample.
   */
  append(t: ArrayLike<number>, v: ArrayLike<number>): number;
  /** The device spoke at `at` without a change of this channel: step channels hold their value until then. */
  heard(at: number): void;
  addGap(from: number, to: number, reason: string): void;
  /** Gaps that overlap [from, to). */
  gaps(from: number, to: number): Gap[];
  /** Time of sample number `index`; NaN when it is not in memory. */
  timeAt(index: number): number;
  /** Number of the first sample in memory at or after `time`. */
  indexAt(time: number): number;
  /** Copies of the samples numbered [from, to) that are in memory. */
  slice(from: number, to: number): Samples;
  /** The samples in memory now. They stay readable in it after the series lets them go; nothing is copied. */
  snapshot(): SeriesSnapshot;
  /**
   * Columns [first, first + count) of `dt` microseconds: column k covers [k·dt, (k+1)·dt). Each holds the extent of
   * its samples, whatever their number. A step channel's column also holds the value that was in force when it began,
   * up to `heardUntil` and never across a gap. Costs by columns, not by samples.
   */
  query(dt: number, first: number, count: number): Columns;
}

/** What a series held at one moment. */
export type SeriesSnapshot = Pick<Series, 'oldest' | 'firstTime' | 'indexAt' | 'slice'>;

/** Default of `maxSamples`: 165 MB for a channel that fills it. */
export const defaultMaxSamples = 10_000_000;

export function createSeries(options: SeriesOptions): Series {
  return new ChunkedSeries(options);
}

class ChunkedSeries implements Series {
  readonly kind: ChannelInfo['kind'];
  readonly gapLog: Gap[] = [];
  lostSince: number | null = null;
  heardUntil = -Infinity;
  private readonly maxChunks: number;
  private chunks: Chunk[] = [new Chunk(true)];
  /** Samples let go, a multiple of a chunk. */
  private dropped = 0;
  /** Samples in memory; indexes below are relative to the oldest. */
  private kept = 0;

  constructor({ kind, maxSamples = defaultMaxSamples }: SeriesOptions) {
    this.kind = kind;
    this.maxChunks = Math.max(1, Math.ceil(maxSamples / chunkSamples));
  }

  get appended(): number {
    return this.dropped + this.kept;
  }

  get oldest(): number {
    return this.dropped;
  }

  get firstTime(): number {
    return this.kept === 0 ? NaN : this.time(0);
  }

  get lastTime(): number {
    return this.kept === 0 ? NaN : this.time(this.kept - 1);
  }

  append(t: ArrayLike<number>, v: ArrayLike<number>): number {
    let last = this.kept === 0 ? -Infinity : this.lastTime;
    let leftOut = 0;
    for (let i = 0; i < t.length; i++) {
      const time = t[i]!;
      if (!(time >= last) || time === Infinity || time === -Infinity) {
        leftOut++;
        continue;
      }
      this.room().append(time, v[i] ?? NaN);
      this.kept++;
      last = time;
    }
    this.heard(last);
    return leftOut;
  }

  heard(at: number): void {
    if (at > this.heardUntil) this.heardUntil = at;
  }

  addGap(from: number, to: number, reason: string): void {
    this.gapLog.push({ from, to, reason });
  }

  gaps(from: number, to: number): Gap[] {
    return this.gapLog.filter((gap) => gap.from < to && gap.to > from);
  }

  timeAt(index: number): number {
    const i = index - this.dropped;
    return i >= 0 && i < this.kept ? this.time(i) : NaN;
  }

  indexAt(time: number): number {
    return this.dropped + this.lowerBound(time);
  }

  slice(from: number, to: number): Samples {
    const start = Math.max(0, from - this.dropped);
    const end = Math.max(start, Math.min(this.kept, to - this.dropped));
    const t = new Float64Array(end - start);
    const v = new Float64Array(end - start);
    for (let i = start; i < end;) {
      const chunk = this.chunks[Math.floor(i / chunkSamples)]!;
      const offset = i % chunkSamples;
      const count = Math.min(chunk.count - offset, end - i);
      t.set(chunk.t.subarray(offset, offset + count), i - start);
      v.set(chunk.v.subarray(offset, offset + count), i - start);
      i += count;
    }
    return { t, v };
  }

  snapshot(): SeriesSnapshot {
    const taken = new ChunkedSeries({ kind: this.kind });
    // Chunks only grow, and `kept` bounds what is read of the last one.
    taken.chunks = [...this.chunks];
    taken.dropped = this.dropped;
    taken.kept = this.kept;
    return taken;
  }

  query(dt: number, first: number, count: number): Columns {
    const min = new Float32Array(count).fill(NaN);
    const max = new Float32Array(count).fill(NaN);
    const holder = this.kind === 'step' ? createHolder(this.gapLog, this.heardUntil) : null;
    const extent: Extent = { min: Infinity, max: -Infinity };
    let from = this.lowerBound(first * dt);
    let width = 1;
    for (let k = 0; k < count; k++) {
      if (from === this.kept && !holder) break;
      const start = (first + k) * dt;
      const to = this.seek(start + dt, from, width);
      extent.min = Infinity;
      extent.max = -Infinity;
      const isHeld = holder && from > 0 && !(from < this.kept && this.time(from) === start);
      if (isHeld && holder(this.time(from - 1), start)) this.widen(extent, from - 1, from);
      if (to > from) {
        this.widen(extent, from, to);
        width = to - from;
      }
      if (extent.min <= extent.max) {
        min[k] = extent.min;
        max[k] = extent.max;
      }
      from = to;
    }
    return { min, max };
  }

  /** The chunk that takes the next sample; lets the oldest go when there are too many. */
  private room(): Chunk {
    const last = this.chunks.at(-1)!;
    if (!last.isFull) return last;
    if (this.chunks.length === this.maxChunks) {
      this.chunks.shift();
      this.dropped += chunkSamples;
      this.kept -= chunkSamples;
    }
    const next = new Chunk(false);
    this.chunks.push(next);
    return next;
  }

  private time(index: number): number {
    return this.chunks[(index / chunkSamples) | 0]!.t[index & (chunkSamples - 1)]!;
  }

  private widen(extent: Extent, from: number, to: number): void {
    for (let i = from; i < to;) {
      const chunk = this.chunks[(i / chunkSamples) | 0]!;
      const offset = i & (chunkSamples - 1);
      const end = Math.min(chunkSamples, offset + to - i);
      chunk.widen(extent, offset, end);
      i += end - offset;
    }
  }

  private lowerBound(time: number): number {
    return this.bisect(time, 0, this.kept);
  }

  /** The first index in [lo, hi] at or after `time`; every index below `lo` is before it. */
  private bisect(time: number, lo: number, hi: number): number {
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (this.time(middle) < time) lo = middle + 1;
      else hi = middle;
    }
    return lo;
  }

  /** As lowerBound, for a `time` after sample `from`'s predecessor: looks first about `width` samples on. */
  private seek(time: number, from: number, width: number): number {
    if (from >= this.kept || this.time(from) >= time) return from;
    let lo = Math.min(from + width, this.kept - 1);
    if (this.time(lo) < time) {
      let hi = lo + 1;
      for (let step = 1; hi < this.kept && this.time(hi) < time; step *= 2) {
        lo = hi;
        hi += step;
      }
      return this.bisect(time, lo + 1, Math.min(hi, this.kept));
    }
    let hi = lo;
    lo = hi - 1;
    for (let step = 1; lo > from && this.time(lo) >= time; step *= 2) {
      hi = lo;
      lo = Math.max(from, lo - step);
    }
    return this.bisect(time, lo, hi);
  }
}

/**
 * Whether a value sampled at `since` still holds at `at`. To be asked with rising times. A gap that began since then
 * ends it, until the next sample: what happened in between is not known.
 */
function createHolder(log: readonly Gap[], heardUntil: number): (since: number, at: number) => boolean {
  const starts = log.filter((gap) => gap.to > gap.from).map((gap) => gap.from);
  starts.sort((a, b) => a - b);
  let next = 0;
  return (since, at) => {
    if (at > heardUntil) return false;
    while (next < starts.length && starts[next]! < since) next++;
    return !(next < starts.length && starts[next]! <= at);
  };
}
