import type { z } from 'zod';
import type { captureChannel } from '../../common/contract/capture.ts';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { WarroomError } from '../../common/lib/errors.ts';
import type { Watchable } from '../../common/lib/watch.ts';
import type { Samples, Series } from '../../common/signal/series.ts';
import type { RejectedBytes, SampleBlock } from '../../common/wire/types.ts';
import type { Platform } from '../platform/types.ts';
import type { OpenCaptureFile } from './capture-file.ts';
import type { FileLoss } from './backlog.ts';

export type CaptureChannel = z.infer<typeof captureChannel>;

/** Data known to be missing, for a `gap.lost` entry. Times are whole microseconds since 1970. */
export interface CaptureGap {
  channels: string[];
  from: number;
  to: number;
  reason: string;
  /** Blocks, samples or events known to be missing; 0 where only the time is known. */
  lost: number;
}

/** A block known to be lost: its number, how many samples it had, and the times of the first and the last. */
export interface LostBlock {
  channel: string;
  seq: number;
  samples: number;
  from: number;
  to: number;
}

/** Copies of samples of a window, oldest first. `total`: how many the window has; more than `t.length` when cut. */
export interface ReadSamples extends Samples {
  total: number;
}

/** Called with each block's samples once they are in the series: those that it left out are not among them. */
export type SamplesListener = (block: SampleBlock, info: ChannelInfo) => void;

/** How the files beside the captures are written and read (pyramid-layout.ts). */
export interface PyramidOptions {
  openFile?: OpenCaptureFile;
  /** Memory for pages of all channels; 64 MiB. */
  cacheBytes?: number;
  /** Memory for full chunks of all channels that wait to be written; 64 MiB. */
  queueBytes?: number;
  retryEveryMs?: number;
}

export interface CaptureStart {
  /** The incident's. */
  folder: string;
  captureId: string;
  /** Ended captures of this incident, by their age: the series begin with what they hold. */
  earlier?: { file: string; startedAt: number }[];
}

export interface CaptureDeps {
  platform: Pick<Platform, 'clock'>;
  /** What keeps the file from growing (`no-space` and the like; memory goes on); null when it grows again. */
  onProblem?: (problem: WarroomError | null) => void;
  /** Samples that are in memory but will never be in the file: the disk did not take them. */
  onFileLoss?: (loss: FileLoss) => void;
  openFile?: OpenCaptureFile;
  pyramid?: PyramidOptions;
  /** What keeps the `.pyr` files from being written or read; null when they are again. Captures are not touched by it. */
  onPyramidProblem?: (problem: WarroomError | null) => void;
  /** A listener of `onSamples` threw: capturing goes on without it for that block. */
  onListenerError?: (error: unknown) => void;
}

export interface Capture {
  readonly channels: Watchable<CaptureChannel[]>;
  /** Starts the file `captures/<captureId>.mcap` of the incident's folder. Rejects with `no-space`, `denied` … */
  start(at: CaptureStart): Promise<{ path: string; file: string }>;
  /** Adds a device's channels. Again for a known one: its blocks may be numbered anew. */
  addDevice(device: string, channels: ChannelInfo[]): void;
  /** Takes blocks of known channels. Answers what their numbers and times tell to be missing. Nothing after `close`. */
  push(blocks: SampleBlock[]): CaptureGap[];
  pushRejected(rejected: RejectedBytes): void;
  /** `lost` samples of the channels are missing, noticed at `at`: somewhere since the last that came. */
  noteLoss(channels: string[], at: number, lost: number, reason: string): CaptureGap | null;
  /** A whole block will never come. `push` does not tell it again by the number that is left out. */
  noteLostBlock(block: LostBlock, reason: string): CaptureGap | null;
  /** The link was last heard at `at`. Nothing is missing yet for what is to be told: see `linkBack`. */
  linkLost(device: string, at: number): void;
  /** The link is back: what is missing since it was lost, or null when it was not. */
  linkBack(device: string, at: number): CaptureGap | null;
  /** The device spoke at `at`: its step channels hold their value until then. */
  heard(device: string, at: number): void;
  /** Of any channel of this incident, also of an earlier capture. */
  series(channel: string): Series | undefined;
  /** Whether the channel is written into this capture's file: its device was added. */
  records(channel: string): boolean;
  /** Resolves when all that the earlier captures hold is in the series. */
  historySettled(): Promise<void>;
  /**
   * The first `maxSamples` samples of [from, to), microseconds since 1970. Throws `not-found` for an unknown channel.
   * To read on, ask again from after the last time.
   */
  read(channel: string, from: number, to: number, maxSamples: number): ReadSamples;
  /** Hears of every block of every channel, also of those that the host computes. Answers how to stop. */
  onSamples(listener: SamplesListener): () => void;
  /** The host's time, microseconds since 1970. */
  now(): number;
  /** [from, to) of the channels as a whole capture of its own. Rejects with `not-found`, `bad-input`. */
  exportWindow(channels: string[], from: number, to: number): Promise<AsyncIterable<Uint8Array>>;
  /** Bytes of the file that survive the end of this process. */
  flushedLength(): number;
  /** Writes all that was given so far, and full chunks beside it, as far as the disk takes it. */
  flush(): Promise<void>;
  /** Flushes, then writes all so far to `toPath`, a new file, whole and indexed. */
  copyPart(toPath: string): Promise<{ path: string; bytes: number }>;
  /** Ends the file. `gaps`: of links that are lost at this moment. */
  close(): Promise<{ path: string; bytes: number; gaps: CaptureGap[] }>;
  /** Called once, when the capture is closed. Answers how to stop listening. */
  onClose(listener: () => void): () => void;
}
