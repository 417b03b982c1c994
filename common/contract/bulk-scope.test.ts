import { describe, expect, it } from 'vitest';
import { decodeScopeBlocks, encodeScopeBlocks, scopeBlockBytes, type ScopeBlock } from './bulk-scope.ts';

const columns: ScopeBlock = {
  kind: 'columns',
  channel: 65_535,
  replaces: true,
  first: 1_764_000_000_123,
  min: Float32Array.of(-1.5, NaN),
  max: Float32Array.of(2.5, NaN),
};
const gap: ScopeBlock = { kind: 'gap', channel: 3, from: 1_764_000_000_000_001, to: 1_764_000_000_500_000 };
const now: ScopeBlock = { kind: 'now', at: 1_764_000_000_500_001 };

describe('the blocks of a scope view', () => {
  it('are read as they were written, one after another', () => {
    const blocks = [
      now,
      columns,
      gap,
      { ...columns, replaces: false, min: new Float32Array(), max: new Float32Array() },
    ];
    const bytes = encodeScopeBlocks(blocks);
    expect(bytes.length).toBe(blocks.reduce((sum, block) => sum + scopeBlockBytes(block), 0));
    expect(decodeScopeBlocks(bytes)).toEqual(blocks);
    expect(decodeScopeBlocks(Buffer.concat([Buffer.alloc(5), bytes]).subarray(5))).toEqual(blocks);
    expect(decodeScopeBlocks(encodeScopeBlocks([]))).toEqual([]);
  });

  it('have the layout that is written down', () => {
    const view = new DataView(encodeScopeBlocks([columns]).buffer);
    expect(view.byteLength).toBe(16 + 2 * 8);
    expect([view.getUint8(0), view.getUint8(1), view.getUint16(2, true), view.getUint32(4, true)]).toEqual([
      1, 1, 65_535, 2,
    ]);
    expect(view.getFloat64(8, true)).toBe(1_764_000_000_123);
    expect([view.getFloat32(16, true), view.getFloat32(24, true)]).toEqual([-1.5, 2.5]);
  });

  it.each([
    ['columns', columns],
    ['a gap', gap],
    ['now', now],
  ])('are refused when %s is cut short anywhere', (_what, block) => {
    const bytes = encodeScopeBlocks([block]);
    for (let length = 1; length < bytes.length; length++)
      expect(() => decodeScopeBlocks(bytes.subarray(0, length))).toThrow(RangeError);
  });

  it('are refused when one is unknown, or counts more than there is', () => {
    expect(() => decodeScopeBlocks(new Uint8Array(24).fill(4))).toThrow(/unknown scope block 4/);
    const bytes = encodeScopeBlocks([columns]);
    new DataView(bytes.buffer).setUint32(4, 0xffff_ffff, true);
    expect(() => decodeScopeBlocks(bytes)).toThrow(/cut short/);
  });
});
