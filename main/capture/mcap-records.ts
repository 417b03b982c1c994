/** Reads the records of a capture one by one, trusting none: each must be of exactly the shape that its kind has. */
import { McapConstants } from '@mcap/core';
import { crc32 } from 'node:zlib';

/** The opcodes of MCAP's records, as the plain numbers that stand in a file. */
export const Opcode: Readonly<Record<keyof typeof McapConstants.Opcode, number>> = McapConstants.Opcode;

/** Bytes that can be read anywhere; a read past the end gives what there is. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** What stands at an offset. `damaged` and `cut` records have the length that is left of them or 0 where it is unknown. */
export type RecordAt =
  | { state: 'good'; opcode: number; length: number; content: Uint8Array; bytes: Uint8Array }
  /** A chunk in its right frame whose CRC fails. */
  | { state: 'bad-crc'; opcode: number; length: number }
  | { state: 'damaged'; opcode: number; isChunk: boolean };

export const recordHead = 9;
const maxChunkBytes = 64 << 20;
const maxOtherBytes = 1 << 20;

/** Fields in order: a digit is that many bytes; `s` u32 length and bytes; `B` u64 length and bytes. */
const shapes: Partial<Record<number, string>> = {
  [Opcode.HEADER]: 'ss',
  [Opcode.FOOTER]: '884',
  [Opcode.SCHEMA]: '2sss',
  [Opcode.CHANNEL]: '22sss',
  [Opcode.CHUNK]: '8884sB',
  [Opcode.MESSAGE_INDEX]: '2s',
  [Opcode.CHUNK_INDEX]: '8888s8s88',
  [Opcode.STATISTICS]: '82444488s',
  [Opcode.METADATA]: 'ss',
  [Opcode.METADATA_INDEX]: '88s',
  [Opcode.SUMMARY_OFFSET]: '188',
  [Opcode.DATA_END]: '4',
};

/** Reads the record at `at`. Chunks are checked by their CRC. */
export async function readRecord(source: ByteSource, at: number): Promise<RecordAt> {
  const head = await source.read(at, recordHead);
  const opcode = head[0] ?? 0;
  const length = head.length < recordHead ? Infinity : contentLength(head);
  if (!Number.isFinite(length) || at + recordHead + length > source.size)
    return { state: 'damaged', opcode, isChunk: opcode === Opcode.CHUNK };
  const bytes = await source.read(at, recordHead + length);
  const content = bytes.subarray(recordHead);
  if (!fits(shapes[opcode], content))
    return { state: 'damaged', opcode, isChunk: looksLikeChunk(opcode, content) };
  if (opcode !== Opcode.CHUNK) return { state: 'good', opcode, length: bytes.length, content, bytes };
  const chunk = chunkFields(content);
  // Ours are never compressed: anything else is damage.
  if (chunk.compression !== 0 || chunk.uncompressedSize !== BigInt(chunk.records.length))
    return { state: 'damaged', opcode, isChunk: true };
  if (crc32(chunk.records) !== chunk.crc) return { state: 'bad-crc', opcode, length: bytes.length };
  return { state: 'good', opcode, length: bytes.length, content, bytes };
}

/** The records inside a chunk's content. */
export function chunkRecords(content: Uint8Array): Uint8Array {
  return chunkFields(content).records;
}

/** Each record of a chunk, with its offset in it. Ends early where one does not fit. */
export function* recordsIn(
  records: Uint8Array,
): Generator<{ opcode: number; offset: number; content: Uint8Array }> {
  for (let at = 0; at + recordHead <= records.length;) {
    const length = contentLength(records.subarray(at, at + recordHead));
    const start = at + recordHead;
    if (start + length > records.length) return;
    yield { opcode: records[at]!, offset: at, content: records.subarray(start, start + length) };
    at = start + length;
  }
}

/** Whether `at` starts a run of records that leads to a chunk in its frame or to the end of the file. */
export async function startsChain(source: ByteSource, at: number): Promise<boolean> {
  for (let steps = 0; steps < 64; steps++) {
    const record = await readRecord(source, at);
    if (record.state === 'damaged') return false;
    if (record.opcode === Opcode.CHUNK) return true;
    at += record.length;
    if (record.opcode === Opcode.FOOTER) return at + McapConstants.MCAP_MAGIC.length === source.size;
    if (at === source.size) return true;
  }
  return true;
}

/** The next offset after `at` from which records can be read again; the file's size when there is none. */
export async function resync(source: ByteSource, at: number): Promise<number> {
  const step = 1 << 16;
  for (let from = at + 1; from < source.size; from += step) {
    // Copied: the checks below read elsewhere.
    const window = (await source.read(from, step + recordHead)).slice();
    const end = Math.min(step, window.length - recordHead);
    for (let i = 0; i < end; i++) {
      const opcode = window[i]!;
      if (opcode === 0 || opcode > Opcode.MAX || !shapes[opcode]) continue;
      const length = contentLength(window.subarray(i, i + recordHead));
      if (!Number.isFinite(length) || from + i + recordHead + length > source.size) continue;
      if (await startsChain(source, from + i)) return from + i;
    }
  }
  return source.size;
}

/** Infinity where the length is past any limit. */
function contentLength(head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const limit = view.getUint8(0) === Opcode.CHUNK ? maxChunkBytes : maxOtherBytes;
  const length = view.getUint32(1, true);
  return view.getUint32(5, true) === 0 && length <= limit ? length : Infinity;
}

function fits(shape: string | undefined, content: Uint8Array): boolean {
  if (!shape) return false;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  let at = 0;
  for (const field of shape) {
    const prefix = field === 's' ? 4 : field === 'B' ? 8 : 0;
    if (at + prefix > content.length) return false;
    if (field === 's') at += 4 + view.getUint32(at, true);
    else if (field === 'B') at += 8 + Number(view.getBigUint64(at, true));
    else at += Number(field);
    if (at > content.length) return false;
  }
  return at === content.length;
}

/** Whether a damaged record was a chunk: by its opcode, or, where that is the damage, by all the rest. */
function looksLikeChunk(opcode: number, content: Uint8Array): boolean {
  if (opcode === Opcode.CHUNK) return !Object.values(shapes).some((shape) => fits(shape, content));
  return fits(shapes[Opcode.CHUNK], content);
}

function chunkFields(content: Uint8Array) {
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const compression = view.getUint32(28, true);
  return {
    uncompressedSize: view.getBigUint64(16, true),
    crc: view.getUint32(24, true),
    compression,
    records: content.subarray(32 + compression + 8),
  };
}
