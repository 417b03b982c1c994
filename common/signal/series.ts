/** The samples of one channel, in memory and on disk, and the columns that a scope draws of them. */
import type { ChannelInfo } from '../incident/entries.ts';
import { ColumnFrame, type Columns } from './columns.ts';
import { createHolder, startsOf, type Gap } from './holder.ts';
import { MemoryBody } from './memory-body.ts';
import type { ChunkStore, StoredPages } from './pages.ts';
import { Chunk, chunkSamples } from './pyramid.ts';
import { addTo, hold, indexAt, slice, timeAt, type Run, type Samples } from './runs.ts';
import { StoredBody } from './stored-body.ts';

export type { Columns } from './columns.ts';
export type { Gap } from './holder.ts';
export type { Samples } from './runs.ts';

export interface SeriesOptions {
  kind: ChannelInfo['kind'];
  /** Takes each chunk of 65 536 samples when it is full; then only the newest are in memory. */
  store?: ChunkStore;
  /** Without a store: most samples kept (rounded up to whole chunks); older ones are let go. */
  maxSamples?: number;
}

/** What is known of a channel from before. */
export interface History {
  /** By their age, none of them empty. Where their times overlap (a clock was set back), the later one counts. */
  chunks: StoredPages[];
  gaps: Gap[];
  /** Until when the device is known to have held the last value. */
  heardUntil: number;
  /** What is later is left out. */
  until?: number;
}

/** Append-only series of one channel. Times are microseconds since 1970 and never step back. */
export interface Series {
  readonly kind: ChannelInfo['kind'];
  /** Samples ever appended to this series. Those of its history are numbered below 0. */
  readonly appended: number;
  /** Number of the oldest sample that there is. */
  readonly oldest: number;
  /** Samples that there are: appended and of the history. */
  readonly count: number;
  /** Times of the oldest sample that there is and of the newest; NaN where there is none. */
  readonly firstTime: number;
  readonly lastTime: number;
  /** Until when the device is known to have held the channel's last value. */
  readonly heardUntil: number;
  /** Gaps of the history, then every gap in the order in which it became known. */
  readonly gapLog: readonly Gap[];
  /** Rises when something older changed than what was appended: columns that were queried are out of date. */
  readonly revision: number;
  /** Samples of this series that its store gave up, as spans of time: they are in no run. */
  readonly givenUp: readonly Gap[];
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
  /** Puts `history` before what was appended, in place of an earlier one. What of it is not before that is left out. */
  setHistory(history: History): void;
  /** Samples that wait for their chunk to be full, when there is a store; null when there are none. */
  tail(): Chunk | null;
  /** Time of sample number `index`; NaN when there is none. */
  timeAt(index: number): number;
  /** Number of the first sample at or after `time`. */
  indexAt(time: number): number;
  /** Copies of the samples numbered [from, to) that there are. */
  slice(from: number, to: number): Samples;
  /** The samples that there are now. They stay readable in it after the series lets them go; nothing is copied. */
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
  readonly givenUp: Gap[] = [];
  lostSince: number | null = null;
  heardUntil = -Infinity;
  appended = 0;
  count = 0;
  revision = 0;
  private readonly store: ChunkStore | undefined;
  private readonly maxRuns: number;
  private runs: Run[] = [];
  /** The chunk that takes the next sample, and its run. */
  private open: { chunk: Chunk; run: Run } | null = null;
  private historyGaps: Gap[] = [];
  private ownGaps: Gap[] = [];
  private allGaps: Gap[] = [];
  private gapStarts: Float64Array | null = null;

  constructor({ kind, store, maxSamples = defaultMaxSamples }: SeriesOptions) {
    this.kind = kind;
    this.store = store;
    this.maxRuns = store ? Infinity : Math.max(1, Math.ceil(maxSamples / chunkSamples));
  }

  get oldest(): number {
    return this.runs[0]?.start ?? this.appended;
  }

  get firstTime(): number {
    return this.runs[0]?.firstTime ?? NaN;
  }

  get lastTime(): number {
    return this.runs.at(-1)?.lastTime ?? NaN;
  }

  get gapLog(): readonly Gap[] {
    return this.allGaps;
  }

  append(t: ArrayLike<number>, v: ArrayLike<number>): number {
    let last = this.runs.at(-1)?.lastTime ?? -Infinity;
    let leftOut = 0;
    for (let i = 0; i < t.length; i++) {
      const time = t[i]!;
      if (!(time >= last) || time === Infinity || time === -Infinity) {
        leftOut++;
        continue;
      }
      this.appendOne(time, v[i] ?? NaN);
      last = time;
    }
    this.heard(last);
    return leftOut;
  }

  heard(at: number): void {
    if (at > this.heardUntil) this.heardUntil = at;
  }

  addGap(from: number, to: number, reason: string): void {
    const gap = { from, to, reason };
    this.ownGaps.push(gap);
    this.allGaps.push(gap);
    this.gapStarts = null;
  }

  gaps(from: number, to: number): Gap[] {
    return this.allGaps.filter((gap) => gap.from < to && gap.to > from);
  }

  setHistory({ chunks, gaps, heardUntil, until = Infinity }: History): void {
    const own = this.runs.filter(({ start }) => start >= 0);
    const history = runsOf(chunks, Math.min(until, own[0]?.firstTime ?? Infinity));
    this.runs = [...history, ...own];
    this.count = this.runs.reduce((sum, { count }) => sum + count, 0);
    this.historyGaps = gaps;
    this.allGaps = [...this.historyGaps, ...this.ownGaps];
    this.gapStarts = null;
    this.heard(Math.min(heardUntil, until));
    this.revision++;
  }

  tail(): Chunk | null {
    return this.store ? (this.open?.chunk ?? null) : null;
  }

  timeAt(index: number): number {
    return timeAt(this.runs, index);
  }

  indexAt(time: number): number {
    return indexAt(this.runs, time);
  }

  slice(from: number, to: number): Samples {
    return slice(this.runs, from, to);
  }

  snapshot(): SeriesSnapshot {
    // Bodies only grow, and a run's count bounds what is read of it.
    const runs = this.runs.map((run) => ({ ...run }));
    return {
      oldest: this.oldest,
      firstTime: this.firstTime,
      indexAt: (time) => indexAt(runs, time),
      slice: (from, to) => slice(runs, from, to),
    };
  }

  query(dt: number, first: number, count: number): Columns {
    const frame = new ColumnFrame(dt, first, count);
    addTo(this.runs, frame);
    if (this.kind === 'step') {
      this.gapStarts ??= startsOf(this.allGaps);
      hold(this.runs, frame, createHolder(this.gapStarts, this.heardUntil));
    }
    return frame.finish();
  }

  private appendOne(time: number, value: number): void {
    const { chunk, run } = (this.open ??= this.begin(time));
    chunk.append(time, value);
    run.count++;
    run.lastTime = time;
    this.appended++;
    this.count++;
    if (chunk.isFull) this.end(chunk, run);
  }

  /** A new chunk; lets the oldest go when there are too many. */
  private begin(firstTime: number): { chunk: Chunk; run: Run } {
    if (this.runs.length >= this.maxRuns) this.count -= this.runs.shift()!.count;
    const chunk = new Chunk(this.appended === 0);
    const run = {
      start: this.appended,
      count: 0,
      firstTime,
      lastTime: firstTime,
      body: new MemoryBody(chunk),
    };
    this.runs.push(run);
    return { chunk, run };
  }

  private end(chunk: Chunk, run: Run): void {
    this.open = null;
    void this.store?.put(chunk).then((pages) => {
      if (pages) run.body = new StoredBody(pages);
      else this.giveUp(run);
    });
  }

  private giveUp(run: Run): void {
    const at = this.runs.indexOf(run);
    const to = this.runs[at + 1]?.firstTime ?? run.lastTime + 1;
    this.runs = this.runs.filter((other) => other !== run);
    this.count -= run.count;
    this.givenUp.push({ from: run.firstTime, to, reason: givenUpReason });
    this.addGap(run.firstTime, to, givenUpReason);
    this.revision++;
  }
}

const givenUpReason = 'the disk did not take it';

/** Runs numbered so that the last sample is −1. Where chunks overlap, the later one counts; all end before `until`. */
function runsOf(chunks: StoredPages[], until: number): Run[] {
  const runs: Run[] = [];
  let start = 0;
  for (const pages of chunks.toReversed()) {
    const body = new StoredBody(pages);
    const isWhole = pages.lastTime <= until;
    const count = isWhole ? pages.count : body.lowerBound(until, pages.count);
    if (count === 0) continue;
    start -= count;
    const lastTime = isWhole ? pages.lastTime : body.time(count - 1);
    runs.push({ start, count, firstTime: pages.firstTime, lastTime, body });
    until = Math.min(until, pages.firstTime);
  }
  return runs.reverse();
}
