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
import { pageRecords, pagesOf, type Page, type StoredPages } from './pages.ts';
import { fanOut, fanOutBits } from './pyramid.ts';

const pageBits = 8;
const inPage = pageRecords - 1;

/** The samples of a chunk on disk. */
export class StoredBody implements Body, Levels {
  readonly total: number;
  readonly lastTime: number;
  private readonly pages: StoredPages;
  private readonly finePages: number;

  constructor(pages: StoredPages) {
    this.pages = pages;
    this.total = pages.count;
    this.lastTime = pages.lastTime;
    this.finePages = pagesOf(pages.count).fine;
  }

  time(i: number): number {
    return this.page(i)?.times[i & inPage] ?? NaN;
  }

  value(i: number): number {
    return this.page(i)?.values[i & inPage] ?? NaN;
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
    const page = this.page(from);
    const end = Math.min(from + fanOut, count);
    for (let i = from; i < end; i++) if (page && page.times[i & inPage]! >= time) return i;
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
      const offset = i & inPage;
      const count = Math.min(pageRecords - offset, to - i);
      const page = this.page(i);
      const target = at + i - from;
      if (page) {
        t.set(page.times.subarray(offset, offset + count), target);
        v.set(page.values.subarray(offset, offset + count), target);
      } else {
        t.fill(NaN, target, target + count);
        v.fill(NaN, target, target + count);
      }
      i += count;
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
    const i = fineNode << fanOutBits;
    const page = this.page(i);
    return page && { times: page.times, values: page.values, base: i - (i & inPage) };
  }

  /** The page that sample `i` is in. */
  private page(i: number): Page | null {
    return this.pages.page(1 + this.finePages + (i >> pageBits));
  }
}

function levelOf(page: Page | null, base: number): Level | null {
  return page && { times: page.times, extents: page.extents, base };
}
