import { describe, expect, it } from 'vitest';
import {
  creditPayload,
  decodeFrame,
  encodeFrame,
  frameKind,
  type Frame,
} from '../../common/contract/bulk.ts';
import { createBulkLink } from './bulk-link.ts';

function setUp() {
  const sent: Frame[] = [];
  const closed: string[] = [];
  const link = createBulkLink({
    send: (bytes) => sent.push(decodeFrame(bytes)),
    close: (reason) => closed.push(reason),
  });
  const seqs = new Map<string, number>();
  const fromPage = (kind: Frame['kind'], stream: number, payload: Uint8Array) => {
    const key = `${kind}/${stream}`;
    const seq = seqs.get(key) ?? 0;
    seqs.set(key, seq + 1);
    link.receive(encodeFrame({ kind, flags: 0, stream, seq, payload }));
  };
  return { link, sent, closed, fromPage };
}

describe('a bulk link', () => {
  it('sends only what was credited', () => {
    const { link, sent, fromPage } = setUp();
    const stream = link.openStream();
    expect(() => stream.send(new Uint8Array(1))).toThrow(/credit/);
    fromPage(frameKind.credit, stream.id, creditPayload(10));
    stream.send(new Uint8Array(6));
    expect(stream.credit).toBe(4);
    expect(sent.map((frame) => frame.payload.length)).toEqual([6]);
  });

  it('credits what was taken, in order, also what came before anyone listened', async () => {
    const { link, sent, fromPage } = setUp();
    const stream = link.openStream();
    fromPage(frameKind.data, stream.id, new Uint8Array([1]));
    const got: number[] = [];
    stream.onData((payload) => void got.push(...payload));
    fromPage(frameKind.data, stream.id, new Uint8Array([2, 3]));
    await Promise.resolve();
    await Promise.resolve();
    expect(got).toEqual([1, 2, 3]);
    expect(sent.map((frame) => frame.kind)).toEqual([frameKind.credit, frameKind.credit]);
  });

  it.each([
    ['too short', new Uint8Array(3)],
    ['a wrong version', encodeWith(0, 9)],
    ['an unknown kind', encodeWith(1, 9)],
    [
      'a stream nobody opened',
      encodeFrame({ kind: frameKind.data, flags: 0, stream: 77, seq: 0, payload: new Uint8Array() }),
    ],
    [
      'a jump in seq',
      encodeFrame({ kind: frameKind.data, flags: 0, stream: 1, seq: 5, payload: new Uint8Array() }),
    ],
  ])('closes with a reason at %s', (_name, bytes) => {
    const { link, closed } = setUp();
    let streamClosed = false;
    link.openStream().onClose(() => (streamClosed = true));
    link.receive(bytes);
    expect(closed.length).toBe(1);
    expect(closed[0]).toMatch(/\w+/);
    expect(streamClosed).toBe(true);
    expect(() => link.openStream()).toThrow(/closed/);
  });

  it('closes when a page sends past its credit', () => {
    const { link, closed, fromPage } = setUp();
    const stream = link.openStream();
    fromPage(frameKind.data, stream.id, new Uint8Array(1 << 20));
    expect(closed).toEqual([]);
    fromPage(frameKind.data, stream.id, new Uint8Array(1));
    expect(closed[0]).toMatch(/more was sent/);
  });

  it('forgives frames that crossed the end of their stream', () => {
    const { link, closed, fromPage } = setUp();
    const stream = link.openStream();
    stream.end();
    fromPage(frameKind.credit, stream.id, creditPayload(1));
    expect(closed).toEqual([]);
  });
});

function encodeWith(index: number, value: number): Uint8Array {
  const bytes = encodeFrame({ kind: frameKind.data, flags: 0, stream: 1, seq: 0, payload: new Uint8Array() });
  bytes[index] = value;
  return bytes;
}
