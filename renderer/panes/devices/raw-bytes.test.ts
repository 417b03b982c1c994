import { describe, expect, it } from 'vitest';
import { hexOf, RawRing, textOf } from './raw-bytes.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('raw bytes', () => {
  it('keeps the newest and counts all', () => {
    const ring = new RawRing();
    ring.add(bytes('a'.repeat(10_000)));
    ring.add(bytes('b'.repeat(10_000)));
    expect(ring.seen).toBe(20_000);
    expect(ring.bytes.length).toBe(16_384);
    expect(textOf(ring.bytes)).toBe('a'.repeat(6384) + 'b'.repeat(10_000));
    ring.add(bytes('c'.repeat(40_000)));
    expect(textOf(ring.bytes)).toBe('c'.repeat(16_384));
  });

  it('shows what can’t be printed', () => {
    expect(textOf(Uint8Array.of(65, 13, 10, 9, 0, 255))).toBe('A␍␊\n␉··');
  });

  it('as hex, in rows of sixteen', () => {
    expect(hexOf(bytes('-84213,0.42\r\n-84211'), 16)).toBe(
      '00000010  2d 38 34 32 31 33 2c 30 2e 34 32 0d 0a 2d 38 34  -84213,0.42··-84\n' +
        '00000020  32 31 31                                         211',
    );
  });
});
