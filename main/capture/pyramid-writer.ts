/**
 * Writes the `.pyr` of a capture beside it, chunk by chunk, as they fill. Nothing waits for it: chunks stand in memory
 * until they are written, up to a limit; past it the oldest are given up. They can be made again from the capture.
 */
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { fromSystem, type WarroomError } from '../../common/lib/errors.ts';
import type { StoredPages } from '../../common/signal/pages.ts';
import type { Chunk } from '../../common/signal/pyramid.ts';
import { createCaptureFile, type CaptureFile, type OpenCaptureFile } from './capture-file.ts';
import type { PageCaches } from './page-cache.ts';
import { openPyramid, type PyramidFile } from './pyramid-file.ts';
import { chunkRecord, endRecord, startRecord, type PyramidEnd } from './pyramid-layout.ts';

export interface PyramidWriterOptions {
  path: string;
  /** The capture that it is of. */
  capture: string;
  caches: PageCaches;
  /** Before each chunk: puts its samples into the capture, so that the file beside it never knows more. */
  beforeChunk?: () => Promise<void>;
  /** What keeps the file from growing; null when it grows again. */
  onProblem?: (problem: WarroomError | null) => void;
  openFile?: OpenCaptureFile;
  /** Samples in chunks that wait, in bytes. */
  queueBytes?: number;
  retryEveryMs?: number;
}

export interface PyramidWriter {
  /** As `ChunkStore.put`. */
  put(channel: ChannelInfo, chunk: Chunk): Promise<StoredPages | null>;
  /** Resolves when nothing waits, or the disk does not take it. */
  flush(): Promise<void>;
  /**
   * Writes what waits, then `last` and the end, and closes the file. Without an end the file is only closed: it is
   * completed when it is opened again. Rejects when the disk does not take it.
   */
  close(last: { channel: ChannelInfo; chunk: Chunk }[], end: PyramidEnd | null): Promise<void>;
}

interface Waiting {
  channel: ChannelInfo;
  chunk: Chunk;
  settle(pages: StoredPages | null): void;
}

export function createPyramidWriter(options: PyramidWriterOptions): PyramidWriter {
  return new Writer(options);
}

const bytesOf = ({ chunk }: Waiting): number => chunk.count * 16;

class Writer implements PyramidWriter {
  private readonly options: PyramidWriterOptions;
  private readonly queue: Waiting[] = [];
  private inHand: Waiting | null = null;
  private file: CaptureFile | null = null;
  private reader: PyramidFile | null = null;
  private length = 0;
  private problem: WarroomError | null = null;
  private working: Promise<void> = Promise.resolve();
  private isClosing = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: PyramidWriterOptions) {
    this.options = options;
  }

  put(channel: ChannelInfo, chunk: Chunk): Promise<StoredPages | null> {
    return new Promise((settle) => {
      if (this.isClosing) return settle(null);
      this.queue.push({ channel, chunk, settle });
      this.giveUpOldest(this.options.queueBytes ?? 64 << 20);
      this.work();
    });
  }

  flush(): Promise<void> {
    return this.working;
  }

  async close(last: { channel: ChannelInfo; chunk: Chunk }[], end: PyramidEnd | null): Promise<void> {
    this.isClosing = true;
    clearTimeout(this.timer);
    await this.working;
    try {
      if (!end) return;
      for (const waiting of this.queue) waiting.settle(await this.write(waiting.channel, waiting.chunk));
      this.queue.length = 0;
      for (const { channel, chunk } of last) await this.write(channel, chunk);
      await this.append(endRecord(end));
      await this.file!.truncate(this.length);
    } catch (error) {
      throw fromSystem(error, `Ending ${this.options.path}`);
    } finally {
      this.giveUpOldest(0);
      this.reader?.close();
      await this.file?.close();
    }
  }

  private giveUpOldest(limit: number): void {
    let bytes = this.queue.reduce((sum, waiting) => sum + bytesOf(waiting), 0);
    for (const waiting of [...this.queue]) {
      if (bytes <= limit) return;
      if (waiting === this.inHand) continue;
      this.queue.splice(this.queue.indexOf(waiting), 1);
      bytes -= bytesOf(waiting);
      waiting.settle(null);
    }
  }

  /** One at a time, in order. After a failure it is tried again later, from where the good part ends. */
  private work(): void {
    if (this.inHand || this.isClosing) return;
    clearTimeout(this.timer);
    this.working = this.drain().catch((error: unknown) => {
      this.inHand = null;
      const isNew = this.problem === null;
      this.problem = fromSystem(error, `Writing ${this.options.path}`);
      if (isNew) this.options.onProblem?.(this.problem);
      this.timer = setTimeout(() => this.work(), this.options.retryEveryMs ?? 1000);
      this.timer.unref();
    });
  }

  private async drain(): Promise<void> {
    while ((this.inHand = this.queue[0] ?? null) && !this.isClosing) {
      const { channel, chunk, settle } = this.inHand;
      await this.options.beforeChunk?.();
      const pages = await this.write(channel, chunk);
      this.queue.shift();
      settle(pages);
      if (this.problem) this.options.onProblem?.((this.problem = null));
    }
    this.inHand = null;
  }

  private async write(channel: ChannelInfo, chunk: Chunk): Promise<StoredPages> {
    const { bytes, pagesAt, summary } = chunkRecord(channel, chunk);
    const at = await this.append(bytes);
    return this.reader!.chunk(summary, at + pagesAt);
  }

  /** Answers where it begins. */
  private async append(bytes: Uint8Array): Promise<number> {
    this.file ??= await this.open();
    const at = this.length;
    await this.file.write(bytes, at);
    this.length += bytes.length;
    return at;
  }

  private async open(): Promise<CaptureFile> {
    const { path, capture, caches, openFile = createCaptureFile } = this.options;
    await rm(path, { force: true });
    const file = await openFile(path);
    try {
      const start = startRecord(basename(capture));
      await file.write(start, 0);
      this.reader = openPyramid(path, caches, (error) => this.options.onProblem?.(fromSystem(error, path)));
      this.length = start.length;
      return file;
    } catch (error) {
      await file.close();
      throw error;
    }
  }
}
