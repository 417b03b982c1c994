/**
 * Payload of a scope view's data frames: any number of blocks, one after another, little-endian:
 * columns: `u8 1 · u8 flags (bit 0: replaces all columns of the channel) · u16 channel · u32 count · f64 first`
 *          then `count × f32 min`, `count × f32 max`; NaN: no sample in that column.
 * gap:     `u8 2 · u8 0 · u16 channel · u32 0 · f64 from · f64 to` (microseconds since 1970): data known to be missing.
 * now:     `u8 3 · u8 0 · u16 0 · u32 0 · f64 host time` the host's present, so that the page's time axis moves with it.
 * `channel` is the index in the view's list; `first` the number of the first column (column k covers [k·dt, (k+1)·dt)).
 */
export const scopeBlock = { columns: 1, gap: 2, now: 3 } as const;

export type ScopeBlock =
  | {
      kind: 'columns';
      channel: number;
      replaces: boolean;
      first: number;
      min: Float32Array;
      max: Float32Array;
    }
  | { kind: 'gap'; channel: number; from: number; to: number }
  | { kind: 'now'; at: number };

const columnsHeader = 16;

/** Bytes that a block takes. */
export function scopeBlockBytes(block: ScopeBlock): number {
  if (block.kind === 'columns') return columnsHeader + block.min.length * 8;
  return block.kind === 'gap' ? 24 : 16;
}

/** Writes the blocks one after another. */
export function encodeScopeBlocks(blocks: ScopeBlock[]): Uint8Array {
  const bytes = new Uint8Array(blocks.reduce((sum, block) => sum + scopeBlockBytes(block), 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const block of blocks) at = writeBlock(view, at, block);
  return bytes;
}

function writeBlock(view: DataView, at: number, block: ScopeBlock): number {
  view.setUint8(at, scopeBlock[block.kind]);
  if (block.kind === 'now') {
    view.setFloat64(at + 8, block.at, true);
    return at + 16;
  }
  view.setUint16(at + 2, block.channel, true);
  if (block.kind === 'gap') {
    view.setFloat64(at + 8, block.from, true);
    view.setFloat64(at + 16, block.to, true);
    return at + 24;
  }
  const count = block.min.length;
  view.setUint8(at + 1, block.replaces ? 1 : 0);
  view.setUint32(at + 4, count, true);
  view.setFloat64(at + 8, block.first, true);
  for (let i = 0; i < count; i++) {
    view.setFloat32(at + columnsHeader + i * 4, block.min[i]!, true);
    view.setFloat32(at + columnsHeader + (count + i) * 4, block.max[i]!, true);
  }
  return at + columnsHeader + count * 8;
}

/** Reads all blocks of a payload. Throws a RangeError for one that is cut short or unknown. */
export function decodeScopeBlocks(bytes: Uint8Array): ScopeBlock[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const blocks: ScopeBlock[] = [];
  let at = 0;
  while (at < bytes.length) {
    const block = readBlock(view, at);
    blocks.push(block);
    at += scopeBlockBytes(block);
  }
  return blocks;
}

function readBlock(view: DataView, at: number): ScopeBlock {
  const kind = view.getUint8(at);
  const channel = view.getUint16(at + 2, true);
  if (kind === scopeBlock.now) return { kind: 'now', at: view.getFloat64(at + 8, true) };
  if (kind === scopeBlock.gap)
    return { kind: 'gap', channel, from: view.getFloat64(at + 8, true), to: view.getFloat64(at + 16, true) };
  if (kind !== scopeBlock.columns) throw new RangeError(`unknown scope block ${kind}`);
  const count = view.getUint32(at + 4, true);
  if (at + columnsHeader + count * 8 > view.byteLength) throw new RangeError('a scope block is cut short');
  const min = new Float32Array(count);
  const max = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    min[i] = view.getFloat32(at + columnsHeader + i * 4, true);
    max[i] = view.getFloat32(at + columnsHeader + (count + i) * 4, true);
  }
  const replaces = (view.getUint8(at + 1) & 1) === 1;
  return { kind: 'columns', channel, replaces, first: view.getFloat64(at + 8, true), min, max };
}
