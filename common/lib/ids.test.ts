import { describe, expect, it } from 'vitest';
import { fromHex } from './bytes.ts';
import { uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  it('is the example of RFC 9562, A.6', () => {
    const random = fromHex('0cc318c4dc0c0c07398f');
    expect(uuidv7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('has its version and variant whatever the random bytes are', () => {
    for (const byte of [0x00, 0x55, 0xff])
      expect(uuidv7(0, new Uint8Array(10).fill(byte))).toMatch(
        /^00000000-0000-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
  });

  it('sorts by time as text', () => {
    const random = new Uint8Array(10).fill(0xff);
    const later = uuidv7(1_764_000_000_001, new Uint8Array(10));
    expect(uuidv7(1_764_000_000_000, random) < later).toBe(true);
  });

  it('is refused with too few random bytes', () => {
    expect(() => uuidv7(0, new Uint8Array(9))).toThrow(RangeError);
  });
});
