import { describe, expect, it } from 'vitest';
import { listen } from '../../test/fakes/readings.ts';
import { seeded } from '../../test/fakes/seeded.ts';
import { fromHex, toHex, utf8 } from '../lib/bytes.ts';
import { cobsBytes, decodeCobs, encodeCobs } from './cobs.ts';
import { crc16 } from './crc16.ts';
import { createFrameEncoder } from './frame-encoder.ts';
import { createFrames } from './frames.ts';
import { createSplitter } from './splitter.ts';

it('has the CRC of the catalogue: 29b1 for 123456789', () => expect(crc16(utf8('123456789'))).toBe(0x29b1));

describe('COBS', () => {
  const into = new Uint8Array(1024);
  const encoded = (bytes: Uint8Array) => {
    const out = new Uint8Array(cobsBytes(bytes.length));
    return out.subarray(0, encodeCobs(bytes, bytes.length, out, 0));
  };
  const decoded = (bytes: Uint8Array) => {
    const length = decodeCobs(bytes, into);
    return length < 0 ? null : into.slice(0, length);
  };
  const run = (from: number, to: number) => Uint8Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const hexRun = (from: number, to: number) => toHex(run(from, to));

  // The examples that are published with the algorithm.
  it.each([
    ['00', '0101'],
    ['0000', '010101'],
    ['00110000', '0102110101'],
    ['11220033', '0311220233'],
    ['11223344', '0511223344'],
    ['11000000', '0211010101'],
    [hexRun(1, 254), `ff${hexRun(1, 254)}`],
    [`00${hexRun(1, 254)}`, `01ff${hexRun(1, 254)}`],
    [hexRun(1, 255), `ff${hexRun(1, 254)}02ff`],
    [`${hexRun(2, 255)}00`, `ff${hexRun(2, 255)}0101`],
    [`${hexRun(3, 255)}0001`, `fe${hexRun(3, 255)}0201`],
  ])('%s ⇄ %s', (plain, stuffed) => {
    expect(toHex(encoded(fromHex(plain)))).toBe(stuffed);
    expect(toHex(decoded(fromHex(stuffed))!)).toBe(plain);
  });

  it('gives any bytes back, without a zero in between', () => {
    const random = seeded(254);
    for (let round = 0; round < 2_000; round++) {
      const zeros = random();
      const bytes = Uint8Array.from({ length: Math.floor(random() * 900) }, () =>
        random() < zeros * zeros ? 0 : random() * 256,
      );
      const stuffed = encoded(bytes);
      if (stuffed.includes(0) || toHex(decoded(stuffed)!) !== toHex(bytes)) expect.fail(toHex(bytes));
    }
  });

  it.each(['00', '05112233', '02', '0211000211', '031100'])('refuses %s', (hex) =>
    expect(decoded(fromHex(hex))).toBeNull(),
  );

  it('refuses what is longer than its room', () => expect(decoded(new Uint8Array(1026).fill(1))).toBeNull());
});

/** A board and the parser at the other end of a line. */
function openLine(options: Parameters<typeof createFrameEncoder>[0]) {
  const encoder = createFrameEncoder(options);
  const dialect = createFrames();
  const moments: Record<string, number>[] = [];
  let refused = 0;
  const splitter = createSplitter(
    dialect.maxLineBytes,
    {
      onLine: (line) => {
        const said = listen(dialect, line);
        if (said) moments.push(...said.moments);
        else refused++;
      },
      onRejected: () => refused++,
    },
    dialect.ends,
  );
  return { encoder, dialect, moments, splitter, refused: () => refused };
}

describe('frames', () => {
  it('carry samples of both widths from one end of their range to the other, in frames of any length', () => {
    for (const width of [3, 4] as const) {
      const most = 2 ** (8 * width - 1);
      const line = openLine({ channels: 2, width, interval: 12.5 });
      const random = seeded(width);
      const sent: number[] = [-most, most - 1];
      line.splitter.push(line.encoder.encode(0, sent));
      for (let rows = 1; rows <= line.encoder.mostRows; rows += 37) {
        const samples = Array.from({ length: 2 * rows }, () => Math.floor((random() - 0.5) * 2 * most));
        sent.push(...samples);
        line.splitter.push(line.encoder.encode(rows * 1e6, samples));
      }
      expect(line.moments.flatMap(({ raw, raw2 }) => [raw, raw2])).toEqual(sent);
      expect([line.refused(), line.dialect.takeLost?.()]).toEqual([0, 0]);
    }
  });

  it('begin after a zero: what stood on the line before is refused alone', () => {
    const line = openLine({ channels: 1 });
    line.splitter.push(utf8('ets Jul 29 2019 12:21:46\r\n'));
    for (const time of [5, 6]) line.splitter.push(line.encoder.encode(time, [time]));
    expect(line.moments).toEqual([
      { raw: 5, '@': 5 },
      { raw: 6, '@': 6 },
    ]);
    expect(line.refused()).toBe(1);
  });

  it.each([
    { channels: 0 },
    { channels: 33 },
    { channels: 1, interval: -1 },
    { channels: 1, interval: 4_294_968 },
  ])('are not made with %j', (options) => expect(() => createFrameEncoder(options)).toThrow());

  it('are not made of half a row, of too many, of two without an interval, or at no time', () => {
    const encoder = createFrameEncoder({ channels: 2, interval: 10 });
    expect(() => encoder.encode(0, [1, 2, 3])).toThrow();
    expect(() => encoder.encode(0, new Array<number>(2 * encoder.mostRows + 2).fill(0))).toThrow();
    expect(() => encoder.encode(-1, [1, 2])).toThrow();
    expect(() => encoder.encode(0.5, [1, 2])).toThrow();
    expect(() => createFrameEncoder({ channels: 1 }).encode(0, [1, 2])).toThrow();
    expect(encoder.encode(0, new Array<number>(2 * encoder.mostRows).fill(-1)).length).toBeLessThan(4096 + 3);
  });
});

describe('frames that never came', () => {
  const interval = 100;
  const rows = 10;
  /** Sends frames by their place in time; `skip` says how many are lost before each. */
  function send(...skip: number[]) {
    const line = openLine({ channels: 1, interval });
    let place = 0;
    for (const lost of skip) {
      line.encoder.skip(lost);
      place += lost;
      line.splitter.push(line.encoder.encode(place++ * rows * interval, new Array<number>(rows).fill(1)));
    }
    return line;
  }

  it('are counted in rows, once', () => {
    const { dialect } = send(0, 0, 3, 0, 1);
    expect([dialect.takeLost?.(), dialect.takeLost?.()]).toEqual([40, 0]);
  });

  it('are none over the wrap of the number', () => {
    expect(send(65_530, ...new Array<number>(20).fill(0)).dialect.takeLost?.()).toBe(0);
  });

  it('are counted over the wrap, also when it went round more than once', () => {
    expect(send(65_530, 0, 9).dialect.takeLost?.()).toBe(9 * rows);
    expect(send(0, 65_536 + 7).dialect.takeLost?.()).toBe((65_536 + 7) * rows);
    expect(send(0, 40_000).dialect.takeLost?.()).toBe(40_000 * rows);
    expect(send(0, 3 * 65_536 - 1).dialect.takeLost?.()).toBe((3 * 65_536 - 1) * rows);
  });

  it('are none when the board rests, or starts again', () => {
    const line = openLine({ channels: 1, interval });
    line.splitter.push(line.encoder.encode(5e6, [1, 2]));
    line.splitter.push(line.encoder.encode(900e6, [1, 2]));
    const anew = createFrameEncoder({ channels: 1, interval });
    for (const time of [10, 210]) line.splitter.push(anew.encode(time, [1, 2]));
    expect(line.dialect.takeLost?.()).toBe(0);
    expect(line.moments).toHaveLength(8);
  });

  it('are counted when one was damaged; one that came twice is refused', () => {
    const line = openLine({ channels: 1, interval });
    const frames = [0, 1, 2].map((place) => line.encoder.encode(place * 200, [1, 2]));
    frames[1]![5]! ^= 4;
    for (const frame of [...frames, frames[2]!]) line.splitter.push(frame);
    expect(line.refused()).toBe(2);
    expect(line.dialect.takeLost?.()).toBe(2);
  });
});
