import { describe, expect, it } from 'vitest';
import { createSplitter } from './splitter.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);

/** A seeded generator (mulberry32), so that a failure can be run again. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function collect(maxLineBytes: number) {
  const lines: string[] = [];
  const rejected: { text: string; why: string }[] = [];
  let part = '';
  let longestPart = 0;
  const splitter = createSplitter(maxLineBytes, {
    onLine: (line) => lines.push(decode(line)),
    onRejected: (bytes, last, why) => {
      longestPart = Math.max(longestPart, bytes.length);
      part += decode(bytes);
      if (!last) return;
      rejected.push({ text: part, why });
      part = '';
    },
  });
  return { splitter, lines, rejected, longestPart: () => longestPart };
}

describe('splitter', () => {
  it('takes LF, CRLF and a lone CR as the end of a line, and no empty lines', () => {
    const { splitter, lines } = collect(20);
    splitter.push(encode('a\nb\r\nc\rd\n\n\r\n'));
    expect(lines).toEqual(['a', 'b', 'c', 'd']);
  });

  it('joins a line that comes in pieces', () => {
    const { splitter, lines } = collect(20);
    for (const piece of ['12', '3,4', '.5', '\r', '\n6']) splitter.push(encode(piece));
    splitter.push(encode('\n'));
    expect(lines).toEqual(['123,4.5', '6']);
  });

  it('hands on a line of one chunk without copying it', () => {
    const chunk = encode('first\nsecond\n');
    const buffers: unknown[] = [];
    createSplitter(20, { onLine: (line) => buffers.push(line.buffer), onRejected: () => undefined }).push(
      chunk,
    );
    expect(buffers).toEqual([chunk.buffer, chunk.buffer]);
  });

  it('takes a line of exactly the limit and rejects one byte more, whole', () => {
    const { splitter, lines, rejected } = collect(4);
    splitter.push(encode('abcd\nabcde\nok\n'));
    expect(lines).toEqual(['abcd', 'ok']);
    expect(rejected).toEqual([{ text: 'abcde', why: 'too-long' }]);
  });

  it('rejects a line of 10 MB in bounded parts, keeps no more than the limit, and goes on after it', () => {
    let bytes = 0;
    let longest = 0;
    let ends = 0;
    const lines: string[] = [];
    const splitter = createSplitter(128, {
      onLine: (line) => lines.push(decode(line)),
      onRejected: (part, last) => {
        bytes += part.length;
        longest = Math.max(longest, part.length);
        if (last) ends++;
      },
    });
    const chunk = new Uint8Array(65_536).fill(120);
    for (let i = 0; i < 160; i++) splitter.push(chunk);
    splitter.push(encode('\nok\n'));
    expect({ bytes, ends, lines }).toEqual({ bytes: 160 * 65_536, ends: 1, lines: ['ok'] });
    expect(longest).toBeLessThanOrEqual(128);
  });

  it('rejects what a lost link cut short and begins anew', () => {
    const { splitter, lines, rejected } = collect(20);
    splitter.push(encode('done\nhalf'));
    splitter.end();
    splitter.push(encode('next\n'));
    splitter.end();
    expect(lines).toEqual(['done', 'next']);
    expect(rejected).toEqual([{ text: 'half', why: 'cut-short' }]);
  });

  it('agrees with a plain split for any bytes, cut anywhere (300 000 lines)', () => {
    const random = seeded(20_261_124);
    for (let round = 0; round < 300; round++) {
      const bytes = Uint8Array.from({ length: 8_000 }, () => randomByte(random));
      const { splitter, lines, rejected, longestPart } = collect(12);
      for (let at = 0; at < bytes.length;) {
        const stop = Math.min(bytes.length, at + 1 + Math.floor(random() * 60));
        splitter.push(bytes.subarray(at, stop));
        at = stop;
      }
      splitter.end();
      const whole = decode(bytes).split(/[\r\n]/);
      const unfinished = whole.pop() ?? '';
      const parts = whole.filter((line) => line.length > 0);
      expect(lines).toEqual(parts.filter((line) => line.length <= 12));
      const tooLong = parts.filter((line) => line.length > 12);
      expect(rejected.map(({ text }) => text)).toEqual(
        unfinished === '' ? tooLong : [...tooLong, unfinished],
      );
      expect(longestPart()).toBeLessThanOrEqual(12);
    }
  });
});

/** One byte in eight ends a line, the rest is anything. */
function randomByte(random: () => number): number {
  const dice = random();
  if (dice < 0.1) return 10;
  if (dice < 0.125) return 13;
  return Math.floor(random() * 256);
}
