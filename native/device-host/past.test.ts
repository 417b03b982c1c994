import { expect, it } from 'vitest';
import type { SampleBlock } from '../../common/wire/types.ts';
import { readPast } from './past.ts';
import { createReader } from './reader.ts';

const start = 1_795_000_000_000_000;
const encode = (text: string) => new TextEncoder().encode(text);

/** Lines `n,n` one by one, each 12.5 ms after the one before. */
function pastOf(lines: number) {
  const parts = Array.from({ length: lines }, (_, i) => `${i},${i}\n`);
  let end = 0;
  return {
    bytes: encode(parts.join('')),
    ends: Uint32Array.from(parts, (part) => (end += part.length)),
    at: Float64Array.from(parts, (_, i) => start + i * 12_500),
  };
}

it('what a device sent before its link was open has the times at which it was there, and the present follows it', () => {
  const reader = createReader({ id: 'cell', dialect: 'hx711-csv' }, { 'cell/raw': 3 }, start);
  // The link was opened long before the past is told.
  reader.beginConnection(start + 900_000_000);
  const blocks: SampleBlock[] = [];
  readPast(reader, pastOf(40_000), () => blocks.push(...reader.takeBlocks()));
  const raw = blocks.filter(({ channel }) => channel === 'cell/raw');
  expect(raw.map(({ seq }) => seq)).toEqual([3, 4, 5]);
  expect(raw.flatMap(({ v }) => [...v])).toEqual(Array.from({ length: 40_000 }, (_, i) => i));
  expect(raw.flatMap(({ t }) => [...t])).toEqual([...pastOf(40_000).at]);
  reader.turnRates();
  expect([reader.bytesPerSecond, reader.linesPerSecond]).toEqual([0, 0]);

  const now = start + 40_000 * 12_500;
  reader.read(encode('7,7\n8,8\n'), now + 12_500);
  const [next] = reader.takeBlocks();
  expect([next!.seq, ...next!.v]).toEqual([6, 7, 8]);
  expect([...next!.t].map((time) => time - now)).toEqual([0, 12_500]);
});
