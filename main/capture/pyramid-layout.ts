/**
 * `captures/<id>.pyr`: what a scope needs of the capture `<id>.mcap`, so that any span of it is drawn without reading
 * it whole. It can be made again from the capture at any time, and counts only as far as its checksums say so.
 *
 * 8 bytes `WRPYR001`, then records one after another, all numbers little-endian:
 *
 * - u32 kind (1 start, 2 chunk, 3 end)
 * - u32 length of the text
 * - u32 number of pages
 * - u32 CRC-32 of these 12 bytes and the text
 * - the text: JSON in UTF-8, filled up with spaces to a multiple of 8 bytes
 * - the pages, each 4104 bytes (common/signal/pages.ts), u32 CRC-32 of them, u32 zero
 *
 * The first record is the start: `{capture}`, the capture's file name. A chunk is up to 65 536 samples of one channel,
 * after those of its earlier chunks: `{channel, count, firstTime, lastTime, min, max, isCompact}`. The end says that all samples of
 * the capture are there, and of which capture: `{mcap: {bytes, tail}, heard, gaps}`, its length, its last 37 bytes in
 * base64 (they hold the checksum of its summary), until when each channel's device was heard, and the gaps. Where the
 * end is missing (its process was killed) or says something else, the rest is made from the capture.
 */
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { channelInfo, type ChannelInfo } from '../../common/incident/entries.ts';
import {
  createPage,
  pageBytes,
  pagesOf,
  summaryOf,
  writePage,
  type ChunkSummary,
} from '../../common/signal/pages.ts';
import type { Chunk } from '../../common/signal/pyramid.ts';

export const magic = new TextEncoder().encode('WRPYR001');
export const recordHeadBytes = 16;
/** A page and its checksum. */
export const pageStride = pageBytes + 8;
/** Bytes at the end of a capture that name it: its footer record and magic. */
export const tailBytes = 37;

export const kinds = { start: 1, chunk: 2, end: 3 } as const;

const gapText = z.object({
  channels: z.array(z.string()),
  from: z.number(),
  to: z.number(),
  reason: z.string(),
});
const startText = z.object({ capture: z.string() });
const chunkText = z.object({
  channel: channelInfo,
  count: z.number().int().positive(),
  firstTime: z.number(),
  lastTime: z.number(),
  /** Null where no sample is a number. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  isCompact: z.boolean(),
});
const endText = z.object({
  mcap: z.object({ bytes: z.number(), tail: z.string() }),
  heard: z.record(z.string(), z.number()),
  gaps: z.array(gapText),
});

export type HistoryGap = z.infer<typeof gapText>;
export type PyramidEnd = z.infer<typeof endText>;

export type PyramidRecord =
  | { kind: 'start'; start: z.infer<typeof startText> }
  | { kind: 'chunk'; channel: ChannelInfo; summary: ChunkSummary }
  | { kind: 'end'; end: PyramidEnd };

/** The fixed part of a record: the length of the text that follows, and of all of it. */
export interface RecordFrame {
  kind: number;
  textBytes: number;
  bytes: number;
  crc: number;
}

export function frameOf(head: Uint8Array): RecordFrame {
  const view = new DataView(head.buffer, head.byteOffset, recordHeadBytes);
  const textBytes = view.getUint32(4, true);
  const pages = view.getUint32(8, true);
  const bytes = recordHeadBytes + textBytes + pages * pageStride;
  return { kind: view.getUint32(0, true), textBytes, bytes, crc: view.getUint32(12, true) };
}

/** What a record's head and text say; null when they are not what was written. */
export function parseRecord(head: Uint8Array): PyramidRecord | null {
  const { kind, bytes, crc } = frameOf(head);
  if (crc32(head.subarray(recordHeadBytes), crc32(head.subarray(0, 12))) !== crc) return null;
  const text: unknown = JSON.parse(new TextDecoder().decode(head.subarray(recordHeadBytes)));
  // Another version of this may have written it: then it is none of ours.
  const start = kind === kinds.start ? startText.safeParse(text).data : undefined;
  if (start) return { kind: 'start', start };
  const end = kind === kinds.end ? endText.safeParse(text).data : undefined;
  if (end) return { kind: 'end', end };
  const chunk = kind === kinds.chunk ? chunkText.safeParse(text).data : undefined;
  if (!chunk) return null;
  const { channel, min, max, ...rest } = chunk;
  if (bytes !== head.length + pagesOf(rest).all * pageStride) return null;
  return { kind: 'chunk', channel, summary: { ...rest, min: min ?? Infinity, max: max ?? -Infinity } };
}

export function startRecord(capture: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([...magic, ...record(kinds.start, { capture }, 0)]);
}

export const endRecord = (end: PyramidEnd): Uint8Array<ArrayBuffer> => record(kinds.end, end, 0);

/** The record of a chunk, and where in it its pages begin. */
export function chunkRecord(
  channel: ChannelInfo,
  chunk: Chunk,
): { bytes: Uint8Array<ArrayBuffer>; pagesAt: number; summary: ChunkSummary } {
  const summary = summaryOf(chunk);
  const { min, max, ...rest } = summary;
  const { all } = pagesOf(summary);
  const isNumber = min <= max;
  const text = { channel, ...rest, min: isNumber ? min : null, max: isNumber ? max : null };
  const bytes = record(kinds.chunk, text, all);
  const pagesAt = bytes.length - all * pageStride;
  const view = new DataView(bytes.buffer);
  for (let n = 0, at = pagesAt; n < all; n++, at += pageStride) {
    writePage(chunk, summary, n, createPage(bytes.buffer, at));
    view.setUint32(at + pageBytes, crc32(bytes.subarray(at, at + pageBytes)), true);
  }
  return { bytes, pagesAt, summary };
}

/** Whether what was read is a page as it was written. */
export function isPageWhole(stride: Uint8Array): boolean {
  const view = new DataView(stride.buffer, stride.byteOffset, pageStride);
  return crc32(stride.subarray(0, pageBytes)) === view.getUint32(pageBytes, true);
}

function record(kind: number, text: unknown, pages: number): Uint8Array<ArrayBuffer> {
  const json = new TextEncoder().encode(JSON.stringify(text));
  const textBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(recordHeadBytes + textBytes + pages * pageStride);
  const view = new DataView(bytes.buffer);
  bytes.fill(0x20, recordHeadBytes, recordHeadBytes + textBytes);
  bytes.set(json, recordHeadBytes);
  view.setUint32(0, kind, true);
  view.setUint32(4, textBytes, true);
  view.setUint32(8, pages, true);
  const checked = bytes.subarray(recordHeadBytes, recordHeadBytes + textBytes);
  view.setUint32(12, crc32(checked, crc32(bytes.subarray(0, 12))), true);
  return bytes;
}
