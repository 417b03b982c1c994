/**
 * Payload of a raw view's data frames: any number of blocks, one after another, little-endian:
 * bytes:   `u8 1 · u8 0 · u16 0 · u32 count · f64 at` then `count` bytes that were read by host time `at`.
 * dropped: `u8 2 · u8 0 · u16 0 · u32 0 · f64 count`: bytes that are not shown here because the page was slow.
 */
export const rawBlock = { bytes: 1, dropped: 2 } as const;

export type RawBlock = { kind: 'bytes'; at: number; bytes: Uint8Array } | { kind: 'dropped'; count: number };

export const rawHeaderBytes = 16;

/** The bytes of one block. */
export function encodeRawBlock(block: RawBlock): Uint8Array {
  const count = block.kind === 'bytes' ? block.bytes.length : 0;
  const encoded = new Uint8Array(rawHeaderBytes + count);
  const view = new DataView(encoded.buffer);
  view.setUint8(0, rawBlock[block.kind]);
  view.setUint32(4, count, true);
  view.setFloat64(8, block.kind === 'bytes' ? block.at : block.count, true);
  if (block.kind === 'bytes') encoded.set(block.bytes, rawHeaderBytes);
  return encoded;
}

/** Reads all blocks of a payload; their bytes share its memory. Throws a RangeError for one that is cut short or unknown. */
export function decodeRawBlocks(payload: Uint8Array): RawBlock[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const blocks: RawBlock[] = [];
  for (let at = 0; at < payload.length;) {
    const kind = view.getUint8(at);
    const count = view.getUint32(at + 4, true);
    const number = view.getFloat64(at + 8, true);
    const from = at + rawHeaderBytes;
    if (from + count > payload.length) throw new RangeError('a raw block is cut short');
    if (kind === rawBlock.bytes)
      blocks.push({ kind: 'bytes', at: number, bytes: payload.subarray(from, from + count) });
    else if (kind === rawBlock.dropped) blocks.push({ kind: 'dropped', count: number });
    else throw new RangeError(`unknown raw block ${kind}`);
    at = from + count;
  }
  return blocks;
}
