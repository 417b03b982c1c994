/** Reads a `.pyr`: its records when it is opened, its pages when they are asked for. */
import { closeSync, fstatSync, openSync, readSync, readvSync } from 'node:fs';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { pagesOf, type ChunkSummary, type Page, type StoredPages } from '../../common/signal/pages.ts';
import type { PageCache, PageCaches } from './page-cache.ts';
import {
  frameOf,
  isPageWhole,
  magic,
  pageStride,
  parseRecord,
  recordHeadBytes,
  type PyramidEnd,
} from './pyramid-layout.ts';

/** Heads are read in one piece when they are not longer; those of ends may be. */
const usualHead = 512;
const longestHead = 64 << 20;
/** Pages read in one go, and how near to the last ones read the next must be. */
const mostAhead = 16;
const nearby = 2;

/** What stands in a file as far as it is right. */
export interface PyramidSurvey {
  /** The capture's file name that it gives; null when it is no such file. */
  capture: string | null;
  chunks: { channel: ChannelInfo; pages: StoredPages }[];
  end: PyramidEnd | null;
  /** Where the last right record ends. */
  length: number;
}

/** An open file to read pages from, at once: a query waits for them. */
export interface PyramidFile {
  readonly path: string;
  survey(): PyramidSurvey;
  /** The chunk whose pages begin at `pagesAt`. */
  chunk(summary: ChunkSummary, pagesAt: number): StoredPages;
  /** What is read after it is read through a descriptor of its own. */
  close(): void;
}

/** `onDamage` is told once, of the first page that can't be read or is not what was written. Throws as `openSync`. */
export function openPyramid(
  path: string,
  caches: PageCaches,
  onDamage: (error: unknown) => void,
): PyramidFile {
  return new PageReader(path, caches, onDamage);
}

/** Where the pages of a chunk are. */
interface Place {
  firstKey: number;
  pagesAt: number;
  all: number;
  /** 1 for each page that was once found as it was written. */
  verified: Uint8Array | null;
}

class PageReader implements PyramidFile {
  readonly path: string;
  private readonly caches: PageCaches;
  private readonly onDamage: (error: unknown) => void;
  private descriptor: number | null;
  private isDamaged = false;

  constructor(path: string, caches: PageCaches, onDamage: (error: unknown) => void) {
    this.path = path;
    this.caches = caches;
    this.onDamage = onDamage;
    this.descriptor = openSync(path, 'r');
  }

  survey(): PyramidSurvey {
    const survey: PyramidSurvey = { capture: null, chunks: [], end: null, length: 0 };
    const { size } = fstatSync(this.descriptor!);
    const head = new Uint8Array(usualHead);
    const isMagic = this.read(head.subarray(0, magic.length), 0) === magic.length;
    if (!isMagic || !magic.every((byte, i) => head[i] === byte)) return survey;
    for (let at = magic.length; at < size && !survey.end;) {
      const found = this.recordAt(at, size, head);
      if (!found) break;
      const { record, headBytes, bytes } = found;
      if (record.kind === 'start') survey.capture = record.start.capture;
      else if (record.kind === 'end') survey.end = record.end;
      else survey.chunks.push({ channel: record.channel, pages: this.chunk(record.summary, at + headBytes) });
      at += bytes;
      survey.length = at;
    }
    return survey;
  }

  chunk(summary: ChunkSummary, pagesAt: number): StoredPages {
    const { all, fine } = pagesOf(summary);
    const firstKey = this.caches.keys(all);
    const place: Place = { firstKey, pagesAt, verified: null, all };
    const { nodes, samples } = this.caches;
    let lastMiss = -1;
    let ahead = 1;
    return {
      ...summary,
      page: (n): Page | null => {
        const cache = n > fine ? samples : nodes;
        const known = cache.get(firstKey + n);
        if (known) return known;
        // Pages of samples are mostly read in order, a few left out here and there.
        const isRun = n > fine && n > lastMiss && n - lastMiss <= nearby;
        ahead = isRun ? Math.min(mostAhead, ahead * 2) : 1;
        const pages = this.load(place, cache, n, ahead);
        lastMiss = n + pages - 1;
        const loaded = cache.get(firstKey + n) ?? null;
        if (!loaded) this.damaged(new Error(`page ${n} of a chunk at ${pagesAt} is not what was written`));
        return loaded;
      },
    };
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  /** Reads at most `most` pages from `n` on into the cache, up to one that is there; answers how many. */
  private load(place: Place, cache: PageCache, n: number, most: number): number {
    const { firstKey, pagesAt, all } = place;
    let count = 1;
    while (count < most && n + count < all && !cache.has(firstKey + n + count)) count++;
    const buffers: Uint8Array[] = [];
    for (let i = 0; i < count; i++) buffers.push(cache.fill(firstKey + n + i));
    const got = this.tryRead(buffers, pagesAt + n * pageStride);
    for (let i = 0; i < count; i++) {
      const isThere = (i + 1) * pageStride <= got;
      // Once a process: what was right stays right in the system's cache or on the disk.
      if (isThere && (place.verified?.[n + i] || isPageWhole(buffers[i]!))) {
        place.verified ??= new Uint8Array(all);
        place.verified[n + i] = 1;
      } else cache.drop(firstKey + n + i);
    }
    return count;
  }

  private recordAt(at: number, size: number, buffer: Uint8Array) {
    const got = this.read(buffer.subarray(0, Math.min(usualHead, size - at)), at);
    if (got < recordHeadBytes) return null;
    const { textBytes, bytes } = frameOf(buffer);
    const headBytes = recordHeadBytes + textBytes;
    if (headBytes > longestHead || at + bytes > size) return null;
    let head = buffer.subarray(0, headBytes);
    if (headBytes > got) {
      head = new Uint8Array(headBytes);
      if (this.read(head, at) < headBytes) return null;
    }
    const record = parseRecord(head);
    return record && { record, headBytes, bytes };
  }

  private tryRead(into: Uint8Array[], at: number): number {
    try {
      return this.withDescriptor((descriptor) => readvSync(descriptor, into, at));
    } catch (error) {
      this.damaged(error);
      return 0;
    }
  }

  private damaged(error: unknown): void {
    if (this.isDamaged) return;
    this.isDamaged = true;
    this.onDamage(error);
  }

  /** Answers how many bytes there were. */
  private read(into: Uint8Array, at: number): number {
    return this.withDescriptor((descriptor) => {
      for (let done = 0; ;) {
        const bytes = readSync(descriptor, into, done, into.length - done, at + done);
        done += bytes;
        if (bytes === 0 || done === into.length) return done;
      }
    });
  }

  private withDescriptor<T>(use: (descriptor: number) => T): T {
    if (this.descriptor !== null) return use(this.descriptor);
    const own = openSync(this.path, 'r');
    try {
      return use(own);
    } finally {
      closeSync(own);
    }
  }
}
