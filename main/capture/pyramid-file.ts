/** Reads a `.pyr`: its records when it is opened, its pages when they are asked for. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import {
  pageBytes,
  pagesOf,
  type ChunkSummary,
  type Page,
  type StoredPages,
} from '../../common/signal/pages.ts';
import type { PageCache } from './page-cache.ts';
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
const mostAhead = 16;

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
export function openPyramid(path: string, cache: PageCache, onDamage: (error: unknown) => void): PyramidFile {
  return new PageReader(path, cache, onDamage);
}

class PageReader implements PyramidFile {
  readonly path: string;
  private readonly cache: PageCache;
  private readonly onDamage: (error: unknown) => void;
  private descriptor: number | null;
  private isDamaged = false;

  constructor(path: string, cache: PageCache, onDamage: (error: unknown) => void) {
    this.path = path;
    this.cache = cache;
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
    const { all, fine } = pagesOf(summary.count);
    const firstKey = this.cache.keys(all);
    const verified = new Uint8Array(all);
    let lastMiss = -1;
    let ahead = 1;
    return {
      ...summary,
      page: (n): Page | null => {
        const known = this.cache.get(firstKey + n);
        if (known) return known;
        // Samples are mostly read one page after another.
        const isRun = n === lastMiss + 1 && n > fine + 1;
        ahead = isRun ? Math.min(mostAhead, ahead * 2, all - n) : 1;
        lastMiss = n + ahead - 1;
        return this.load(firstKey, n, ahead, pagesAt, verified);
      },
    };
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  /** Reads pages [n, n + count) into the cache; answers the first, null when that one is damaged. */
  private load(
    firstKey: number,
    n: number,
    count: number,
    pagesAt: number,
    verified: Uint8Array,
  ): Page | null {
    const bytes = scratch.subarray(0, count * pageStride);
    const got = this.tryRead(bytes, pagesAt + n * pageStride);
    let first: Page | null = null;
    for (let i = 0; i < count && (i + 1) * pageStride <= got; i++) {
      const stride = bytes.subarray(i * pageStride, (i + 1) * pageStride);
      // Once a process: what was right stays right in the system's cache or on the disk.
      if (verified[n + i] === 0 && !isPageWhole(stride)) continue;
      verified[n + i] = 1;
      const page = (i > 0 && this.cache.get(firstKey + n + i)) || this.cache.fill(firstKey + n + i);
      page.bytes.set(stride.subarray(0, pageBytes));
      if (i === 0) first = page;
    }
    if (!first) this.damaged(new Error(`page ${n} of a chunk at ${pagesAt} is not what was written`));
    return first;
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

  private tryRead(into: Uint8Array, at: number): number {
    try {
      return this.read(into, at);
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
    const descriptor = this.descriptor ?? openSync(this.path, 'r');
    try {
      for (let done = 0; ;) {
        const bytes = readSync(descriptor, into, done, into.length - done, at + done);
        done += bytes;
        if (bytes === 0 || done === into.length) return done;
      }
    } finally {
      if (descriptor !== this.descriptor) closeSync(descriptor);
    }
  }
}

const scratch = new Uint8Array(mostAhead * pageStride);
