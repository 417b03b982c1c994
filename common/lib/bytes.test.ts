import { describe, expect, it } from 'vitest';
import {
  compareBytes,
  concat,
  equalBytes,
  fromBase64,
  fromHex,
  fromUtf8,
  toBase64,
  toHex,
  utf8,
} from './bytes.ts';

const badInput = expect.objectContaining({ code: 'bad-input' });

describe('hex', () => {
  it('goes both ways for every byte', () => {
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(toHex(all)).toBe(Buffer.from(all).toString('hex'));
    expect(fromHex(toHex(all))).toEqual(all);
    expect(fromHex('')).toEqual(new Uint8Array());
  });

  it.each(['A0', '0', 'zz', '0x', ' 00', '00\n'])('refuses %j', (text) => {
    expect(() => fromHex(text)).toThrow(badInput);
  });
});

describe('base64', () => {
  it.each([0, 1, 2, 3, 4, 8191, 8192, 8193, 100_000])('goes both ways for %i bytes', (length) => {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 151) % 256);
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    expect(equalBytes(fromBase64(toBase64(bytes)), bytes)).toBe(true);
  });

  it.each([
    ['no padding', 'AA'],
    ['one pad too few', 'AA='],
    ['only padding', '===='],
    ['three pads', 'A==='],
    ['padding in the middle', 'AA==AAAA'],
    ['pad bits that are not zero, one pad', 'AAB='],
    ['pad bits that are not zero, two pads', 'AB=='],
    ['the URL alphabet', 'A_-A'],
    ['a line feed', 'AAAA\n'],
    ['a space', 'AA A'],
  ])('refuses %s', (_what, text) => {
    expect(() => fromBase64(text)).toThrow(badInput);
  });
});

describe('UTF-8', () => {
  it('goes both ways and keeps a byte order mark', () => {
    for (const text of ['', 'größer', '€ 😀', '\ufeffa']) expect(fromUtf8(utf8(text))).toBe(text);
  });

  it.each([
    ['a lone continuation', [0x80]],
    ['a character cut off', [0xe2, 0x82]],
    ['an overlong form', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
  ])('refuses %s', (_what, bytes) => {
    expect(() => fromUtf8(Uint8Array.from(bytes))).toThrow(badInput);
  });
});

describe('byte strings', () => {
  it('are joined in order', () => {
    expect(concat()).toEqual(new Uint8Array());
    expect(concat(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('are equal only in every byte and in length', () => {
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBe(false);
  });

  it('sort as Buffer.compare sorts them', () => {
    const samples = [[], [0], [0, 0], [1], [127], [128], [255], [255, 0]].map((b) => Uint8Array.from(b));
    for (const a of samples)
      for (const b of samples) expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
  });
});
