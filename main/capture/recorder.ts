/**
 * Writes one capture as MCAP. What was flushed survives the end of the process; once a second it is put on the disk.
 * When the disk is full, chunks wait in memory up to a limit, then the oldest are given up and told as a loss.
 */
import type { McapTypes } from '@mcap/core';
import { fromSystem, type WarroomError } from '../../common/lib/errors.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import { createBacklog, type Backlog, type FileLoss, type Queued } from './backlog.ts';
import { copyPrefix, createCaptureFile, type CaptureFile, type OpenCaptureFile } from './capture-file.ts';
import { createChunkAssembler } from './chunk-assembler.ts';
import { createMcapLayout, type Piece } from './mcap-layout.ts';
import {
  metadataName,
  messageEncoding,
  rejectedSchema,
  samplesChannel,
  samplesSchema,
  type Rejected,
} from './sample-layout.ts';

export interface RecorderOptions {
  path: string;
  /** What keeps the file from growing (`no-space` and the like); null when it grows again. */
  onProblem?: (problem: WarroomError | null) => void;
  onLost?: (loss: FileLoss) => void;
  openFile?: OpenCaptureFile;
  flushEveryMs?: number;
  syncEveryMs?: number;
  /** A chunk is ended at this size at the latest. */
  chunkBytes?: number;
  /** How much waits in memory while the disk does not take it. */
  backlogBytes?: number;
}

/** A gap as it is written into the file. */
export interface GapRecord {
  channels: string[];
  from: number;
  to: number;
  reason: string;
  lost: number;
}

export interface Recorder {
  readonly path: string;
  /** Bytes of the file that survive the end of this process. */
  readonly flushedLength: number;
  addChannel(info: ChannelInfo): void;
  /** The channel for the bytes of `device` that no parser took; answers its topic. */
  addRejected(device: string): string;
  samples(block: Pick<SampleBlock, 'channel' | 't' | 'v' | 'deviceTime'>): void;
  rejected(topic: string, at: number, rejected: Rejected): void;
  /** `lostBlocks` of the channels are missing: their sequence jumps, and a metadata record says why. */
  gap(gap: GapRecord): void;
  /** Writes all that was given so far, unless the disk does not take it (see `onProblem`). */
  flush(): Promise<void>;
  /** Flushes, then writes all flushed so far to a new, whole and indexed file. */
  copyPart(toPath: string): Promise<{ path: string; bytes: number }>;
  /** Ends the file with its index. Rejects when the disk does not take it; `recoverCapture` then makes it whole. */
  close(): Promise<{ path: string; bytes: number }>;
}

const schemas: McapTypes.Schema[] = [
  { ...samplesSchema, id: 1 },
  { ...rejectedSchema, id: 2 },
];

/** Makes a new file at `path` and starts the timed flush. Rejects with `no-space`, `denied` … when it can't. */
export async function createRecorder(options: RecorderOptions): Promise<Recorder> {
  const { path, openFile = createCaptureFile } = options;
  try {
    const file = await openFile(path);
    const recorder = new McapRecorder(options, file);
    await recorder.open();
    return recorder;
  } catch (error) {
    throw fromSystem(error, `Starting the capture ${path}`);
  }
}

class McapRecorder implements Recorder {
  readonly path: string;
  private readonly options: RecorderOptions;
  private readonly file: CaptureFile;
  private readonly layout = createMcapLayout();
  private readonly assembler = createChunkAssembler(schemas);
  private readonly backlog: Backlog;
  private nextChannel = 1;
  private working: Promise<void> = Promise.resolve();
  private problem: WarroomError | null = null;
  private syncedLength = 0;
  private syncedAt = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(options: RecorderOptions, file: CaptureFile) {
    this.options = options;
    this.path = options.path;
    this.file = file;
    this.backlog = createBacklog(options.backlogBytes ?? 8 << 20);
  }

  async open(): Promise<void> {
    await this.write(this.layout.opening());
    await this.write(this.layout.definitions(schemas, []));
    await this.file.datasync();
    let isFlushing = false;
    const flush = async () => {
      // A slow disk gets one flush at a time, not a queue of them.
      if (isFlushing) return;
      isFlushing = true;
      await this.flush().finally(() => (isFlushing = false));
    };
    this.timer = setInterval(() => void flush(), this.options.flushEveryMs ?? 250);
    this.timer.unref();
  }

  get flushedLength(): number {
    return this.layout.length;
  }

  addChannel(info: ChannelInfo): void {
    this.define(samplesChannel(this.nextChannel++, info));
  }

  addRejected(device: string): string {
    const topic = `${device}/rejected-bytes`;
    this.define({ id: this.nextChannel++, schemaId: 2, topic, messageEncoding, metadata: new Map() });
    return topic;
  }

  samples({ channel, t, v, deviceTime }: Pick<SampleBlock, 'channel' | 't' | 'v' | 'deviceTime'>): void {
    this.assembler.samples(channel, t, v, deviceTime);
    this.sealAt(this.options.chunkBytes ?? 48 * 1024);
  }

  rejected(topic: string, at: number, rejected: Rejected): void {
    this.assembler.rejected(topic, at, rejected);
    this.sealAt(this.options.chunkBytes ?? 48 * 1024);
  }

  gap({ channels, from, to, reason, lost }: GapRecord): void {
    for (const channel of channels) this.assembler.skip(channel, lost);
    const values = {
      channels: JSON.stringify(channels),
      from: `${from}`,
      to: `${to}`,
      reason,
      lost: `${lost}`,
    };
    this.enqueue({ kind: 'metadata', name: metadataName.gap, values });
  }

  async flush(): Promise<void> {
    this.sealAt(0);
    await this.inTurn(async () => {
      await this.writeQueued();
      await this.syncWhenDue(this.options.syncEveryMs ?? 1000);
    });
  }

  async copyPart(toPath: string): Promise<{ path: string; bytes: number }> {
    await this.flush();
    const length = this.layout.length;
    const closing = this.layout.closing();
    try {
      await copyPrefix(this.path, toPath, length, closing);
    } catch (error) {
      throw fromSystem(error, `Copying the capture to ${toPath}`);
    }
    return { path: toPath, bytes: length + closing.length };
  }

  async close(): Promise<{ path: string; bytes: number }> {
    clearInterval(this.timer);
    await this.flush();
    let bytes = 0;
    await this.inTurn(async () => {
      this.backlog.giveUpAll('the disk did not take it before the end');
      this.tellLoss();
      try {
        await this.writeAll();
        const closing = this.layout.closing();
        bytes = this.layout.length + closing.length;
        await this.file.write(closing, this.layout.length);
        await this.file.truncate(bytes);
        await this.file.datasync();
      } finally {
        await this.file.close();
      }
    }).catch((error: unknown) => {
      throw fromSystem(error, `Ending the capture ${this.path}`);
    });
    return { path: this.path, bytes };
  }

  private define(channel: McapTypes.Channel): void {
    this.assembler.addChannel(channel);
    this.enqueue({ kind: 'definitions', channels: [channel] });
  }

  private sealAt(bytes: number): void {
    if (bytes > 0 && this.assembler.byteLength < bytes) return;
    const chunk = this.assembler.seal();
    if (!chunk) return;
    this.enqueue({ kind: 'chunk', chunk });
    if (bytes > 0) void this.inTurn(() => this.writeQueued());
  }

  private enqueue(item: Queued): void {
    this.backlog.add(
      item,
      this.problem?.code === 'no-space' ? 'the disk was full' : 'the disk did not take it',
    );
  }

  /** One thing at a time happens to the file. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.working.then(work);
    // Whoever asked for the turn hears of its failure; the next turn starts all the same.
    this.working = turn.catch(() => undefined);
    return turn;
  }

  private async writeQueued(): Promise<void> {
    try {
      await this.writeAll();
      if (this.problem) this.options.onProblem?.((this.problem = null));
      this.tellLoss();
      await this.writeAll();
    } catch (error) {
      this.failed(error);
    }
  }

  private async writeAll(): Promise<void> {
    await this.backlog.drain((item) => this.write(this.pieceOf(item)));
  }

  private async write(piece: Piece): Promise<void> {
    await this.file.write(piece.bytes, this.layout.length);
    piece.commit();
  }

  private pieceOf(item: Queued): Piece {
    if (item.kind === 'chunk') return this.layout.chunk(item.chunk.content);
    if (item.kind === 'metadata') return this.layout.metadata(item.name, item.values);
    return this.layout.definitions([], item.channels);
  }

  private async syncWhenDue(everyMs: number): Promise<void> {
    if (this.syncedLength === this.layout.length || performance.now() - this.syncedAt < everyMs) return;
    try {
      const length = this.layout.length;
      await this.file.datasync();
      this.syncedLength = length;
      this.syncedAt = performance.now();
    } catch (error) {
      this.failed(error);
    }
  }

  /** What was half written is overwritten by the next try, which starts where the committed bytes end. */
  private failed(error: unknown): void {
    const isNew = this.problem === null;
    this.problem = fromSystem(error, `Writing the capture ${this.path}`);
    if (isNew) this.options.onProblem?.(this.problem);
  }

  private tellLoss(): void {
    const loss = this.backlog.takeLoss();
    if (!loss) return;
    this.options.onLost?.(loss);
    for (const [channel, { from, to, samples }] of loss.spans) {
      const values = {
        channels: JSON.stringify([channel]),
        from: `${Math.floor(from)}`,
        to: `${Math.floor(to) + 1}`,
        reason: loss.reason,
        samples: `${samples}`,
      };
      this.enqueue({ kind: 'metadata', name: metadataName.gap, values });
    }
  }
}
