import type { Body, ColumnFrame } from './columns.ts';
import {
  addLevels,
  coarseBits,
  lastBefore,
  nodesIn,
  type Level,
  type Levels,
  type SampleRun,
} from './node-walk.ts';
import { compactStep, pagesOf, samplesPerPage, type Page, type StoredPages } from './pages.ts';
import { fanOut, fanOutBits } from './pyramid.ts';

const pageBits = 8;

/** The samples of a chunk on disk. */
export class StoredBody implements Body, Levels {
  readonly total: number;
  readonly lastTime: number;
  private readonly pages: StoredPages;
  private readonly finePages: number;
  private readonly perPage: number;

  constructor(pages: StoredPages) {
    this.pages = pages;
    this.total = pages.count;
    this.lastTime = pages.lastTime;
    this.finePages = pagesOf(pages).fine;
    this.perPage = samplesPerPage(pages);
  }

  time(i: number): number {
    const run = this.run(i);
    return run ? timeIn(run, i) : NaN;
  }

  value(i: number): number {
    const run = this.run(i);
    return run ? run.values[i - run.base]! : NaN;
  }

  lowerBound(time: number, count: number): number {
    const coarse = this.coarse();
    const coarseNode = coarse ? lastBefore(coarse, 0, nodesIn(count, coarseBits), time) : 0;
    const first = coarseNode << fanOutBits;
    const fine = this.fine(coarseNode);
    const node = fine
      ? lastBefore(fine, first, Math.min(first + fanOut, nodesIn(count, fanOutBits)), time)
      : first;
    const from = node << fanOutBits;
    const run = this.run(from);
    const end = Math.min(from + fanOut, count);
    for (let i = from; i < end; i++) if (run && timeIn(run, i) >= time) return i;
    return end;
  }

  addTo(frame: ColumnFrame, count: number): void {
    const { firstTime, lastTime, min, max } = this.pages;
    const [from, to] = [frame.columnOf(firstTime), frame.columnOf(lastTime)];
    // Nothing of it need be read where all of it lies in one column, or would change none.
    if (frame.covers(from, to, min, max)) return;
    if (from === to && count === this.total) frame.widen(from, min, max);
    else addLevels(this, frame, count);
  }

  copy(from: number, to: number, t: Float64Array, v: Float64Array, at: number): void {
    for (let i = from; i < to;) {
      const end = Math.min(to, i - (i % this.perPage) + this.perPage);
      const run = this.run(i);
      for (; i < end; i++) {
        t[at + i - from] = run ? timeIn(run, i) : NaN;
        v[at + i - from] = run ? run.values[i - run.base]! : NaN;
      }
    }
  }

  coarse(): Level | null {
    return levelOf(this.pages.page(0), 0);
  }

  fine(coarseNode: number): Level | null {
    const number = (coarseNode << fanOutBits) >> pageBits;
    return levelOf(this.pages.page(1 + number), number << pageBits);
  }

  samples(fineNode: number): SampleRun | null {
    return this.run(fineNode << fanOutBits);
  }

  /** The page that sample `i` is in. */
  private run(i: number): SampleRun | null {
    const base = i - (i % this.perPage);
    const page = this.pages.page(1 + this.finePages + base / this.perPage);
    if (!page) return null;
    return this.pages.isCompact
      ? { times: page.steps, values: page.singles, base, origin: page.times[0]!, scale: compactStep }
      : { times: page.times, values: page.values, base, origin: 0, scale: 1 };
  }
}

const timeIn = ({ origin, times, base, scale }: SampleRun, i: number): number =>
  origin + times[i - base]! * scale;

function levelOf(page: Page | null, base: number): Level | null {
  return page && { times: page.times, extents: page.extents, base };
}
