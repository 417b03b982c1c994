import { describe, expect, it } from 'vitest';
import { createFrameEncoder } from '../../common/wire/frame-encoder.ts';
import { createReader } from './reader.ts';

const start = 1_795_000_000_000_000;
const encode = (text: string) => new TextEncoder().encode(text);

function cell() {
  const reader = createReader({ id: 'cell', dialect: 'hx711-csv' }, { 'cell/weight': 7 }, start);
  reader.beginConnection(start);
  return reader;
}

describe('reader', () => {
  it('gives the values of one line one time, and numbers its blocks on', () => {
    const reader = cell();
    expect(reader.read(encode('1,2.5\n'), start + 1_000)).toBe(start + 1_000);
    reader.read(encode('3,4'), start + 2_000);
    expect(reader.waiting).toBe(1);
    reader.read(encode('.5\n'), start + 3_000);
    const t = Float64Array.of(start + 1_000, start + 3_000);
    expect(reader.takeBlocks()).toEqual([
      { channel: 'cell/raw', seq: 0, t, v: Float64Array.of(1, 3) },
      { channel: 'cell/weight', seq: 7, t, v: Float64Array.of(2.5, 4.5) },
    ]);
    expect(reader.takeBlocks()).toEqual([]);
    reader.read(encode('5,6\n'), start + 4_000);
    expect(reader.takeBlocks().map(({ seq }) => seq)).toEqual([1, 8]);
  });

  it('stamps the lines of one read apart, whatever stands between them', () => {
    const reader = cell();
    reader.read(encode('0,0\n'), start + 10_000);
    const first = reader.read(encode('1,1\nnoise\n\n2,2\r\n3,3\n4,4\n'), start + 50_000);
    expect(first).toBe(start + 20_000);
    expect([...reader.takeBlocks()[0]!.t].map((time) => time - start)).toEqual([
      10_000, 20_000, 30_000, 40_000, 50_000,
    ]);
    expect(reader.rejectedBytes).toBe(5);
    expect(reader.takeRejected(start + 60_000)[0]?.reason).toBe('not of the dialect hx711-csv');
  });

  it("passes the device's own time on, also of more lines than one read usually brings", () => {
    const reader = createReader({ id: 'beam', dialect: 'beam-events' }, {}, start);
    const lines = Array.from({ length: 3_000 }, (_, i) => `E,${i},${i * 100},${i % 2}\n`);
    reader.read(encode(lines.join('')), start);
    const [block] = reader.takeBlocks();
    expect(block?.deviceTime).toBe(299_900);
    expect(block?.t[0]).toBe(start - 299_900);
    expect(block?.v.subarray(0, 4)).toEqual(Float64Array.of(0, 1, 0, 1));
  });

  it('heeds the options of its dialect', () => {
    const reader = createReader(
      { id: 'cell', dialect: 'hx711-csv', options: { decimal: ',', offsetBinary: true } },
      {},
      start,
    );
    reader.read(encode('8388609;1,5\n'), start);
    expect(reader.takeBlocks().map(({ v }) => v[0])).toEqual([1, 1.5]);
  });

  it('answers 0 when nothing was accepted, and begins anew after a lost connection', () => {
    const reader = cell();
    expect(reader.read(encode('HX7\n12,'), start)).toBe(0);
    reader.endConnection();
    reader.read(encode('3,4\n'), start);
    expect(reader.takeBlocks().map(({ v }) => v[0])).toEqual([3, 4]);
    expect(reader.takeRejected(start)[0]?.reason).toContain('cut short');
    expect(reader.takeNewColumns()).toEqual([]);
  });
});

describe('a reader of a dialect whose columns its lines tell', () => {
  it('announces each column once, and gives its samples from then on', () => {
    const reader = createReader({ id: 'plot', dialect: 'teleplot' }, { 'plot/temp': 4 }, start);
    expect([reader.channels, reader.waiting]).toEqual([[], 0]);
    reader.read(encode('weight:1§g\nweight:2§g\nweight:3§g\n'), start);
    expect(reader.takeNewColumns()).toEqual([
      { column: 'weight', name: 'weight', unit: 'g', kind: 'linear' },
    ]);
    expect(reader.takeBlocks().map(({ channel, v }) => [channel, [...v]])).toEqual([['plot/weight', [3]]]);
    reader.read(encode('temp:20 weight:4\n'.repeat(3)), start + 50_000);
    expect(reader.takeNewColumns().map(({ column }) => column)).toEqual(['temp']);
    expect(reader.takeNewColumns()).toEqual([]);
    expect(reader.channels).toEqual(['plot/weight', 'plot/temp']);
    expect(reader.takeBlocks().map(({ channel, seq, v }) => [channel, seq, v.length])).toEqual([
      ['plot/weight', 1, 3],
      ['plot/temp', 4, 1],
    ]);
  });

  it('of frames gives every row its own time, back from the last by the interval of the board', () => {
    const reader = createReader({ id: 'fast', dialect: 'frames' }, {}, start);
    const encoder = createFrameEncoder({ channels: 1, interval: 100 });
    reader.read(encoder.encode(5_000, [1, 2, 3]), start);
    encoder.skip(2);
    reader.read(encoder.encode(5_900, [4, 5]), start + 900);
    const [block] = reader.takeBlocks();
    expect([...block!.t].map((time) => time - start)).toEqual([-200, -100, 0, 800, 900]);
    expect(block).toMatchObject({ channel: 'fast/raw', deviceTime: 6_000 });
    expect(reader.takeLost()).toBe(6);
    reader.read(Uint8Array.of(7, 1, 0), start + 1_000);
    expect(reader.takeRejected(start + 1_000)).toMatchObject([{ bytes: Uint8Array.of(7, 1, 0) }]);
  });
});

it('takes what a firmware says of itself for a sign of life, and not for rejected bytes', () => {
  const reader = createReader({ id: 'cell', dialect: 'hx711-reading' }, {}, start);
  expect(reader.read(encode('HX711 not found.\nHX711 not found.\n'), start + 5)).toBe(start + 5);
  expect(reader.lastHeard).toBe(start + 5);
  expect(reader.rejectedBytes).toBe(0);
  expect(reader.takeBlocks()).toEqual([]);
  expect(reader.takeRemarks(start + 6)).toEqual([
    { at: start + 6, text: 'HX711 not found.', severity: 'error' },
  ]);
});
