import { expect, it } from 'vitest';
import { decodeRawBlocks, encodeRawBlock, type RawBlock } from './bulk-raw.ts';

const blocks: RawBlock[] = [
  { kind: 'bytes', at: 1_795_000_000_000_000.25, bytes: Uint8Array.of(0, 255, 10) },
  { kind: 'dropped', count: 6_000_000_000 },
  { kind: 'bytes', at: 0, bytes: new Uint8Array(0) },
];
const payload = () => {
  const parts = blocks.map(encodeRawBlock);
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
  return joined;
};

it('reads the blocks that it wrote', () => {
  expect(decodeRawBlocks(payload())).toEqual(blocks);
  expect(decodeRawBlocks(new Uint8Array(0))).toEqual([]);
});

it('refuses a block that is cut short or of another kind, at every byte', () => {
  const whole = payload();
  const ends = [0, 19, 35, 51];
  for (let length = 1; length < whole.length; length++) {
    if (ends.includes(length)) continue;
    expect(() => decodeRawBlocks(whole.subarray(0, length)), String(length)).toThrow(RangeError);
  }
  whole[0] = 9;
  expect(() => decodeRawBlocks(whole)).toThrow('unknown raw block 9');
});
