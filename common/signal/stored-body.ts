import type { Body, ColumnFrame } from './columns.ts';
import { pageRecords, pagesOf, type Page, type StoredPages } from './pages.ts';
import { fanOut, fanOutBits, type Extent } from './pyramid.ts';

const pageBits = 8;
const inPage = pageRecords - 1;
const coarseBits = 2 * fanOutBits;

/** What a node covers of time: no sample of it is before `from` or after `to`. */
interface Reach {
  from: number;
  to: number;
}

/**
 * The samples of a chunk on disk. A query goes down the pyramid only where a node reaches over the edge of a column and
 * could change a column by it: a node whose extent all its columns have already is left as it is. So the answer is
 * exactly that of the samples one by one, and few pages of samples are read.
 */
export class StoredBody implements Body {
  private readonly pages: StoredPages;
  private readonly finePages: number;

  constructor(pages: StoredPages) {
    this.pages = pages;
    this.finePages = pagesOf(pages.count).fine;
  }

  time(i: number): number {
    return this.samples(i)?.times[i & inPage] ?? NaN;
  }

  value(i: number): number {
    return this.samples(i)?.values[i & inPage] ?? NaN;
  }

  lowerBound(time: number, count: number): number {
    const coarse = this.narrow(this.pages.page(0), 0, nodesIn(count, coarseBits), time);
    const firstFine = coarse << fanOutBits;
    const lastFine = Math.min(firstFine + fanOut, nodesIn(count, fanOutBits));
    const fine = this.narrow(this.fine(firstFine), firstFine, lastFine, time);
    const from = fine << fanOutBits;
    const page = this.samples(from);
    const end = Math.min(from + fanOut, count);
    for (let i = from; i < end; i++) if (page && page.times[i & inPage]! >= time) return i;
    return end;
  }

  addTo(frame: ColumnFrame, count: number): void {
    const coarse = this.pages.page(0);
    if (!coarse) return;
    const reach: Reach = { from: 0, to: 0 };
    const first = this.narrow(coarse, 0, nodesIn(count, coarseBits), frame.start(0));
    const crossing: number[] = [];
    const limit = frame.start(frame.count);
    for (let node = first; node < nodesIn(count, coarseBits); node++) {
      if (coarse.times[node]! >= limit) break;
      this.reachOfCoarse(node, coarse, reach);
      const isWhole = (node + 1) << coarseBits <= count;
      if (!addWithin(frame, reach, coarse, node, isWhole)) crossing.push(node);
    }
    const finer: number[] = [];
    for (const node of crossing) {
      this.reachOfCoarse(node, coarse, reach);
      if (!isCovered(frame, reach, coarse, node)) this.addFine(frame, node, coarse, count, finer);
    }
    for (const node of finer) this.addSamples(frame, node, coarse, count);
  }

  copy(from: number, to: number, t: Float64Array, v: Float64Array, at: number): void {
    for (let i = from; i < to;) {
      const offset = i & inPage;
      const count = Math.min(pageRecords - offset, to - i);
      const page = this.samples(i);
      if (page) {
        t.set(page.times.subarray(offset, offset + count), at + i - from);
        v.set(page.values.subarray(offset, offset + count), at + i - from);
      } else {
        t.fill(NaN, at + i - from, at + i - from + count);
        v.fill(NaN, at + i - from, at + i - from + count);
      }
      i += count;
    }
  }

  /** Adds the nodes over 16 samples of a coarse node; those over an edge are put into `crossing`. */
  private addFine(
    frame: ColumnFrame,
    coarseNode: number,
    coarse: Page,
    count: number,
    crossing: number[],
  ): void {
    const first = coarseNode << fanOutBits;
    const page = this.fine(first);
    if (!page) return;
    const reach: Reach = { from: 0, to: 0 };
    const end = Math.min(first + fanOut, nodesIn(count, fanOutBits));
    for (let node = first; node < end; node++) {
      this.reachOfFine(node, page, coarse, reach);
      const isWhole = (node + 1) << fanOutBits <= count;
      if (!addWithin(frame, reach, page, node & inPage, isWhole)) crossing.push(node);
    }
  }

  private addSamples(frame: ColumnFrame, node: number, coarse: Page, count: number): void {
    const fine = this.fine(node);
    const reach: Reach = { from: 0, to: 0 };
    if (fine) {
      this.reachOfFine(node, fine, coarse, reach);
      if (isCovered(frame, reach, fine, node & inPage)) return;
    }
    const from = node << fanOutBits;
    const page = this.samples(from);
    if (!page) return;
    const end = Math.min(from + fanOut, count);
    for (let i = from; i < end; i++) {
      const k = frame.columnOf(page.times[i & inPage]!);
      const value = page.values[i & inPage]!;
      if (k >= 0 && k < frame.count) frame.widen(k, value, value);
    }
  }

  /** Of nodes [from, to), the last that begins before `time`, or the first: a sample at or after it is there or later. */
  private narrow(page: Page | null, from: number, to: number, time: number): number {
    let lo = from;
    let hi = to;
    while (lo < hi) {
      const middle = (lo + hi) >>> 1;
      if (page && page.times[middle & inPage]! < time) lo = middle + 1;
      else hi = middle;
    }
    return Math.max(from, lo - 1);
  }

  private reachOfCoarse(node: number, page: Page, into: Reach): void {
    const isLast = (node + 1) << coarseBits >= this.pages.count;
    into.from = page.times[node]!;
    into.to = isLast ? this.pages.lastTime : page.times[node + 1]!;
  }

  private reachOfFine(node: number, page: Page, coarse: Page, into: Reach): void {
    into.from = page.times[node & inPage]!;
    if ((node + 1) << fanOutBits >= this.pages.count) into.to = this.pages.lastTime;
    else if ((node & inPage) === inPage) into.to = coarse.times[(node + 1) >> fanOutBits]!;
    else into.to = page.times[(node & inPage) + 1]!;
  }

  private fine(node: number): Page | null {
    return this.pages.page(1 + (node >> pageBits));
  }

  private samples(i: number): Page | null {
    return this.pages.page(1 + this.finePages + (i >> pageBits));
  }
}

const nodesIn = (count: number, bits: number): number => (count + (1 << bits) - 1) >> bits;

/** Adds a node that lies in one column. False when it does not, or when not all its samples are looked at. */
function addWithin(frame: ColumnFrame, reach: Reach, page: Page, at: number, isWhole: boolean): boolean {
  const k = frame.columnOf(reach.from);
  if (!isWhole || reach.to >= frame.start(k + 1)) return false;
  if (k >= 0 && k < frame.count) frame.widen(k, page.extents[at * 2]!, page.extents[at * 2 + 1]!);
  return true;
}

const extent: Extent = { min: 0, max: 0 };
function isCovered(frame: ColumnFrame, reach: Reach, page: Page, at: number): boolean {
  extent.min = page.extents[at * 2]!;
  extent.max = page.extents[at * 2 + 1]!;
  return frame.covers(frame.columnOf(reach.from), frame.columnOf(reach.to), extent);
}
