/** Goes through a capture that may be cut or damaged and gives everything of it that is whole. */
import { McapConstants, McapStreamReader, type McapTypes } from '@mcap/core';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { ChunkContent } from './mcap-layout.ts';
import { chunkRecords, Opcode, readRecord, recordsIn, resync, type ByteSource } from './mcap-records.ts';

const { MCAP_MAGIC } = McapConstants;

export interface Definitions {
  schemas: McapTypes.Schema[];
  channels: McapTypes.Channel[];
}

export type Scanned =
  | { kind: 'chunk'; content: ChunkContent; definitions: Definitions }
  | { kind: 'definitions'; definitions: Definitions }
  | { kind: 'metadata'; metadata: McapTypes.Metadata }
  /** Bytes that could not be read. `bytes` is 0 where they only held an index, which can be made again. */
  | { kind: 'lost'; chunks: number; bytes: number }
  /** The whole file was as its writer left it: both checksums agree. Comes last, or not at all. */
  | { kind: 'whole' };

const derived: ReadonlySet<number> = new Set([
  Opcode.MESSAGE_INDEX,
  Opcode.CHUNK_INDEX,
  Opcode.STATISTICS,
  Opcode.METADATA_INDEX,
  Opcode.SUMMARY_OFFSET,
  Opcode.DATA_END,
  Opcode.FOOTER,
]);

export async function* scanMcap(source: ByteSource): AsyncGenerator<Scanned, void, undefined> {
  const sums = createSums();
  const hasMagic = isMagic(await source.read(0, MCAP_MAGIC.length));
  let isWhole = hasMagic;
  let isPastData = false;
  let at = hasMagic ? MCAP_MAGIC.length : 0;
  if (hasMagic) sums.add(Opcode.MIN, Uint8Array.from(MCAP_MAGIC));
  while (at < source.size) {
    const record = await readRecord(source, at);
    if (record.state === 'good') {
      at += record.length;
      sums.add(record.opcode, record.bytes);
      isPastData ||= record.opcode === Opcode.DATA_END;
      const found = interpret(record.opcode, record.content, record.bytes);
      if (found) yield found;
      if (record.opcode !== Opcode.FOOTER) continue;
      const isEnd =
        at + MCAP_MAGIC.length === source.size && isMagic(await source.read(at, MCAP_MAGIC.length));
      if (isEnd && isWhole && sums.agree()) yield { kind: 'whole' };
      return;
    }
    isWhole = false;
    if (record.state === 'bad-crc') {
      yield { kind: 'lost', chunks: 1, bytes: record.length };
      at += record.length;
      continue;
    }
    const next = await resync(source, at);
    const onlyIndex = isPastData || (!record.isChunk && derived.has(record.opcode));
    yield { kind: 'lost', chunks: record.isChunk && !isPastData ? 1 : 0, bytes: onlyIndex ? 0 : next - at };
    at = next;
  }
}

/** Reads an open file through a window of 1 MiB. `size` limits what is read. */
export function windowed(handle: FileHandle, size: number): ByteSource {
  let window = new Uint8Array(0);
  let start = 0;
  return {
    size,
    async read(offset, length) {
      const wanted = Math.max(0, Math.min(length, size - offset));
      if (offset < start || offset + wanted > start + window.length) {
        const next = new Uint8Array(Math.min(Math.max(wanted, 1 << 20), Math.max(0, size - offset)));
        let filled = 0;
        while (filled < next.length) {
          const { bytesRead } = await handle.read(next, filled, next.length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        window = next.subarray(0, filled);
        start = offset;
      }
      return window.subarray(offset - start, offset - start + wanted);
    },
  };
}

/** A message of ours in a chunk: what an index needs of it, and its data. */
export interface ChunkMessage {
  channelId: number;
  offset: number;
  logTime: bigint;
  data: Uint8Array;
}

const messageHead = 22;

/** The messages of a chunk. `data` shares its memory. */
export function* messagesIn(records: Uint8Array): Generator<ChunkMessage> {
  for (const { opcode, offset, content } of recordsIn(records)) {
    if (opcode !== Opcode.MESSAGE || content.length < messageHead) continue;
    const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
    const logTime = view.getBigUint64(6, true);
    yield { channelId: view.getUint16(0, true), offset, logTime, data: content.subarray(messageHead) };
  }
}

function interpret(opcode: number, content: Uint8Array, bytes: Uint8Array): Scanned | null {
  if (opcode === Opcode.CHUNK) return chunkOf(chunkRecords(content).slice());
  if (opcode === Opcode.SCHEMA || opcode === Opcode.CHANNEL)
    return { kind: 'definitions', definitions: define([bytes]) };
  if (opcode !== Opcode.METADATA) return null;
  const record = parseOne(bytes);
  return record?.type === 'Metadata' ? { kind: 'metadata', metadata: record } : null;
}

/** A chunk with its index and times made anew from its messages. */
function chunkOf(records: Uint8Array): Scanned {
  const indexes = new Map<number, McapTypes.MessageIndex>();
  let startTime: bigint | null = null;
  let endTime = 0n;
  for (const { channelId, offset, logTime } of messagesIn(records)) {
    const index = indexes.get(channelId) ?? { channelId, records: [] };
    index.records.push([logTime, BigInt(offset)]);
    indexes.set(channelId, index);
    if (startTime === null || logTime < startTime) startTime = logTime;
    if (logTime > endTime) endTime = logTime;
  }
  const named: Uint8Array[] = [];
  for (const { opcode, offset, content } of recordsIn(records)) {
    if (opcode !== Opcode.SCHEMA && opcode !== Opcode.CHANNEL) continue;
    named.push(records.subarray(offset, offset + 9 + content.length));
  }
  const content = { records, startTime: startTime ?? 0n, endTime, indexes: [...indexes.values()] };
  return { kind: 'chunk', content, definitions: define(named) };
}

function define(records: Uint8Array[]): Definitions {
  const definitions: Definitions = { schemas: [], channels: [] };
  for (const bytes of records) {
    const record = parseOne(bytes);
    if (record?.type === 'Schema') definitions.schemas.push(record);
    if (record?.type === 'Channel') definitions.channels.push(record);
  }
  return definitions;
}

function parseOne(bytes: Uint8Array) {
  const reader = new McapStreamReader({ noMagicPrefix: true });
  reader.append(bytes);
  try {
    return reader.nextRecord();
  } catch {
    // Its frame was whole and its inside is not: it names nothing.
    return undefined;
  }
}

function isMagic(bytes: Uint8Array): boolean {
  return bytes.length === MCAP_MAGIC.length && MCAP_MAGIC.every((byte, i) => bytes[i] === byte);
}

/** The checksums of the data section and of the summary, as the data end and the footer give them. */
function createSums() {
  let data = 0;
  let summary = 0;
  let isData = true;
  let dataAgrees = false;
  let summaryAgrees = false;
  return {
    add(opcode: number, bytes: Uint8Array): void {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      if (opcode === Opcode.DATA_END) {
        dataAgrees = view.getUint32(9, true) === data;
        isData = false;
      } else if (opcode === Opcode.FOOTER) {
        summaryAgrees = view.getUint32(25, true) === crc32(bytes.subarray(0, 25), summary);
      } else if (isData) data = crc32(bytes, data);
      else summary = crc32(bytes, summary);
    },
    agree: () => dataAgrees && summaryAgrees,
  };
}
