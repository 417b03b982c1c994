import { describe, expect, it } from 'vitest';
import {
  creditOf,
  creditPayload,
  decodeFrame,
  encodeFrame,
  frameKind,
  maxPayloadBytes,
  type Frame,
} from './bulk.ts';

const frame = (change: Partial<Frame> = {}): Frame => ({
  kind: frameKind.data,
  flags: 0x0102,
  stream: 0x0a0b0c0d,
  seq: 2 ** 40 + 1,
  payload: Uint8Array.of(9, 8),
  ...change,
});

const altered = (offset: number, value: number, payload?: Uint8Array) => {
  const bytes = encodeFrame(frame(payload && { payload }));
  bytes[offset] = value;
  return bytes;
};

describe('a bulk frame', () => {
  it('has the layout of FORMATS, little-endian', () => {
    expect(Buffer.from(encodeFrame(frame())).toString('hex')).toBe(
      '01010201' + '0d0c0b0a' + '0100000000010000' + '0908',
    );
  });

  it.each(Object.values(frameKind))('of kind %i is read as it was written', (kind) => {
    const payload = kind === frameKind.credit ? creditPayload(5) : Uint8Array.of(1);
    expect(decodeFrame(encodeFrame(frame({ kind, payload })))).toEqual(frame({ kind, payload }));
  });

  it('is read from the middle of a larger buffer, without a copy', () => {
    const large = Buffer.concat([Buffer.alloc(3), encodeFrame(frame()), Buffer.alloc(0)]).subarray(3);
    const { payload } = decodeFrame(large);
    expect([...payload]).toEqual([9, 8]);
    expect(payload.buffer).toBe(large.buffer);
  });

  it('takes a payload of 1 MiB, and of none', () => {
    for (const length of [0, maxPayloadBytes])
      expect(decodeFrame(encodeFrame(frame({ payload: new Uint8Array(length) }))).payload.length).toBe(
        length,
      );
  });

  it.each([
    ['shorter than a header', new Uint8Array(15)],
    ['empty', new Uint8Array()],
    ['of another version', altered(0, 2)],
    ['of kind 0', altered(1, 0)],
    ['of kind 5', altered(1, 5)],
    ['with a seq of 2^53 or more', altered(15, 1)],
    ['with a credit that is no u32', altered(1, frameKind.credit)],
    ['over 1 MiB', Buffer.concat([encodeFrame(frame()), new Uint8Array(maxPayloadBytes)])],
  ])('is refused when it is %s', (_what, bytes) => {
    expect(() => decodeFrame(bytes)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('is never written over 1 MiB', () => {
    const payload = new Uint8Array(maxPayloadBytes + 1);
    expect(() => encodeFrame(frame({ payload }))).toThrow(/1048577 bytes/);
  });

  it('carries a credit up to 2^32 - 1', () => {
    for (const bytes of [0, 1, 2 ** 32 - 1]) {
      const written = encodeFrame(frame({ kind: frameKind.credit, payload: creditPayload(bytes) }));
      expect(creditOf(decodeFrame(written))).toBe(bytes);
    }
  });
});
