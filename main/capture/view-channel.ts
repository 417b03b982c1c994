import type { ScopeBlock } from '../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../common/contract/capture.ts';
import type { Series } from '../../common/signal/series.ts';

/** Most columns of a channel in one set. */
export const maxColumns = 8192;

const columnsHeader = 16;
const columnBytes = 8;
const gapBytes = 24;
/** How often a gap that is still open is drawn further, in microseconds. */
const openGapStep = 1_000_000;

/** One channel of a view: what of it the page has, and what it has not. */
export interface ViewChannel {
  /** The next blocks for the page, at most `room` bytes. `hasMore`: it did not all fit. */
  take(room: number, now: number): { blocks: ScopeBlock[]; hasMore: boolean };
}

export function createViewChannel(series: Series, index: number, view: ScopeView): ViewChannel {
  return new Tracked(series, index, view);
}

interface Sent {
  column: number;
  min: number;
  max: number;
}

class Tracked implements ViewChannel {
  private readonly series: Series;
  private readonly index: number;
  private readonly dt: number;
  /** The view's columns: [first, limit). */
  private readonly first: number;
  private readonly limit: number;
  private readonly from: number;
  private readonly to: number;
  /** The first column that the page lacks or has out of date; Infinity when there is none. */
  private next: number;
  private replaces = true;
  private seenSamples: number;
  private seenHeard: number;
  private seenGaps = 0;
  private seenRevision: number;
  private sentGaps = 0;
  private openGapUntil: number | null = null;
  /** The last column sent: it is the one that a new sample may fall into without changing it. */
  private last: Sent | null = null;

  constructor(series: Series, index: number, { dt, from, to }: ScopeView) {
    this.series = series;
    this.index = index;
    this.dt = dt;
    this.from = from;
    this.to = to ?? Infinity;
    this.first = Math.floor(from / dt);
    this.limit = to === null ? Infinity : Math.min(Math.ceil(to / dt), this.first + maxColumns);
    this.next = this.firstColumn();
    this.seenRevision = series.revision;
    this.seenSamples = series.appended;
    this.seenHeard = series.heardUntil;
    this.seenGaps = series.gapLog.length;
  }

  take(room: number, now: number): { blocks: ScopeBlock[]; hasMore: boolean } {
    this.look();
    const blocks: ScopeBlock[] = [];
    const afterColumns = this.takeColumns(room, blocks);
    if (afterColumns < 0) return { blocks, hasMore: true };
    return { blocks, hasMore: this.takeGaps(afterColumns, now, blocks) < 0 };
  }

  /** Finds out what changed since the last look. */
  private look(): void {
    const { series } = this;
    let dirty = Infinity;
    if (series.appended > this.seenSamples) dirty = series.timeAt(Math.max(this.seenSamples, series.oldest));
    if (series.kind === 'step' && series.appended > 0) {
      if (series.heardUntil > this.seenHeard)
        dirty = Math.min(dirty, Math.max(this.seenHeard, series.firstTime));
      for (let i = this.seenGaps; i < series.gapLog.length; i++)
        dirty = Math.min(dirty, series.gapLog[i]!.from);
    }
    this.seenSamples = series.appended;
    this.seenHeard = series.heardUntil;
    this.seenGaps = series.gapLog.length;
    if (series.revision !== this.seenRevision) this.startAgain();
    if (dirty !== Infinity)
      this.next = Math.min(this.next, Math.max(this.first, Math.floor(dirty / this.dt)));
    const oldest = this.end() - maxColumns;
    // The page waited too long, or asked for more than a set holds: it gets the newest set, and only that.
    if (this.next < oldest) {
      this.next = oldest;
      this.replaces = true;
    }
  }

  /** What was sent is out of date: more is known of the past now. */
  private startAgain(): void {
    this.seenRevision = this.series.revision;
    this.next = this.firstColumn();
    this.replaces = true;
  }

  /** The first column of the view that can hold anything. */
  private firstColumn(): number {
    const oldest = Math.floor((this.series.firstTime || 0) / this.dt);
    return Math.max(this.first, Math.min(this.end(), oldest));
  }

  /** The column after the last that can hold anything. */
  private end(): number {
    const { kind, lastTime, heardUntil } = this.series;
    if (Number.isNaN(lastTime)) return this.first;
    const edge = kind === 'step' ? Math.max(lastTime, heardUntil) : lastTime;
    return Math.max(this.first, Math.min(this.limit, Math.floor(edge / this.dt) + 1));
  }

  /** Answers the room that is left; negative when columns are left over. */
  private takeColumns(room: number, blocks: ScopeBlock[]): number {
    const wanted = Math.max(0, this.end() - this.next);
    if (wanted === 0 && !this.replaces) return room;
    const count = Math.min(wanted, Math.floor((room - columnsHeader) / columnBytes));
    if (count < 0 || (count === 0 && wanted > 0)) return -1;
    const start = wanted === 0 ? this.first : this.next;
    const { min, max } = this.series.query(this.dt, start, count);
    const skip = !this.replaces && this.isSent(start, min[0], max[0]) ? 1 : 0;
    this.next = count === wanted ? Infinity : start + count;
    if (skip < count || this.replaces) {
      const columns = { first: start + skip, min: min.subarray(skip), max: max.subarray(skip) };
      blocks.push({ kind: 'columns', channel: this.index, replaces: this.replaces, ...columns });
      if (this.replaces) this.sentGaps = 0;
      this.replaces = false;
    }
    if (count > 0) this.last = { column: start + count - 1, min: min[count - 1]!, max: max[count - 1]! };
    return count < wanted ? -1 : room - columnsHeader - count * columnBytes;
  }

  private isSent(column: number, min: number | undefined, max: number | undefined): boolean {
    const { last } = this;
    return last !== null && last.column === column && Object.is(last.min, min) && Object.is(last.max, max);
  }

  /** Answers the room that is left; negative when gaps are left over. */
  private takeGaps(room: number, now: number, blocks: ScopeBlock[]): number {
    const { gapLog, lostSince } = this.series;
    for (; this.sentGaps < gapLog.length; this.sentGaps++) {
      const { from, to } = gapLog[this.sentGaps]!;
      if (to <= this.from || from >= this.to) continue;
      if (room < gapBytes) return -1;
      blocks.push({ kind: 'gap', channel: this.index, from, to });
      room -= gapBytes;
    }
    if (lostSince === null) this.openGapUntil = null;
    else if (room >= gapBytes) this.takeOpenGap(Math.max(lostSince, this.openGapUntil ?? 0), now, blocks);
    return room;
  }

  /** While a link is lost its gap is told in pieces; the whole follows when it is back. */
  private takeOpenGap(from: number, now: number, blocks: ScopeBlock[]): void {
    if (now - from < openGapStep || from >= this.to) return;
    blocks.push({ kind: 'gap', channel: this.index, from, to: now });
    this.openGapUntil = now;
  }
}
