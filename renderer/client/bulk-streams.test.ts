import { expect, it } from 'vitest';
import {
  creditOf,
  creditPayload,
  decodeFrame,
  encodeFrame,
  frameKind,
  type Frame,
} from '../../common/contract/bulk.ts';
import { createBulkStreams } from './bulk-streams.ts';

function fakeWire() {
  const sent: Frame[] = [];
  let listener: (bytes: Uint8Array) => void = () => undefined;
  return {
    sent,
    wire: {
      send: (bytes: Uint8Array) => void sent.push(decodeFrame(bytes)),
      onMessage: (next: (bytes: Uint8Array) => void) => void (listener = next),
    },
    host: (kind: Frame['kind'], stream: number, seq: number, payload: Uint8Array = new Uint8Array()) =>
      listener(encodeFrame({ kind, flags: 0, stream, seq, payload })),
    hostBytes: (bytes: Uint8Array) => listener(bytes),
  };
}

it('grants a window at once and more as it takes', () => {
  const { sent, wire, host } = fakeWire();
  const taken: number[] = [];
  createBulkStreams(wire).open(7, {
    data: (payload) => void taken.push(payload.length),
    end: () => undefined,
  });
  expect(creditOf(sent[0]!)).toBe(1 << 20);
  for (let seq = 0; seq < 4; seq++) host(frameKind.data, 7, seq, new Uint8Array(100_000));
  expect(taken).toEqual([100_000, 100_000, 100_000, 100_000]);
  expect(sent.slice(1).map((frame) => [frame.kind, frame.seq, creditOf(frame)])).toEqual([
    [frameKind.credit, 1, 300_000],
  ]);
});

it('grants no more while a handler is still taking; the frames stay in order', async () => {
  const { sent, wire, host } = fakeWire();
  const taking: (() => void)[] = [];
  const seen: string[] = [];
  createBulkStreams(wire).open(7, {
    data: (payload) => {
      seen.push(`data ${payload.length}`);
      return new Promise((done) => taking.push(done));
    },
    end: () => seen.push('end'),
  });
  host(frameKind.data, 7, 0, new Uint8Array(300_000));
  host(frameKind.data, 7, 1, new Uint8Array(400_000));
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent.length).toBe(1);
  taking[0]!();
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent.slice(1).map(creditOf)).toEqual([300_000]);
  host(frameKind.end, 7, 0);
  taking[1]!();
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['data 300000', 'data 400000', 'end']);
  expect(sent.length).toBe(2);
});

it('ends a stream whose handler could not take what came, and tells the host', async () => {
  const { sent, wire, host } = fakeWire();
  const ends: (string | null)[] = [];
  createBulkStreams(wire).open(7, {
    data: () => Promise.reject(new Error('full')),
    end: (problem) => ends.push(problem),
  });
  host(frameKind.data, 7, 0, Uint8Array.of(1));
  await new Promise((resolve) => setImmediate(resolve));
  expect(ends).toEqual(['full']);
  expect(sent.at(-1)!.kind).toBe(frameKind.error);
});

it('keeps frames that come before the call that opened their stream has answered', () => {
  const { wire, host } = fakeWire();
  const streams = createBulkStreams(wire);
  host(frameKind.data, 3, 0, Uint8Array.of(1, 2));
  host(frameKind.end, 3, 0);
  const seen: string[] = [];
  streams.open(3, {
    data: (payload) => void seen.push(payload.join()),
    end: (problem) => seen.push(`end ${problem}`),
  });
  expect(seen).toEqual(['1,2', 'end null']);
});

it('sends in pieces and waits for credit', async () => {
  const { sent, wire, host } = fakeWire();
  const stream = createBulkStreams(wire).open(1, { data: () => undefined, end: () => undefined });
  const bytes = new Uint8Array((1 << 20) + 10);
  const sending = stream.send(bytes);
  await new Promise((resolve) => setImmediate(resolve));
  const sum = () =>
    sent.filter(({ kind }) => kind === frameKind.data).reduce((n, { payload }) => n + payload.length, 0);
  expect(sum()).toBe(1 << 20);
  host(frameKind.credit, 1, 0, new Uint8Array(creditPayload(64)));
  await sending;
  expect(sum()).toBe(bytes.length);
});

it('tells every stream when the link is lost, and whoever waits to send', async () => {
  const { wire } = fakeWire();
  const streams = createBulkStreams(wire);
  const ends: (string | null)[] = [];
  const stream = streams.open(1, { data: () => undefined, end: (problem) => ends.push(problem) });
  const sending = stream.send(new Uint8Array((1 << 20) + 1));
  const failed = expect(sending).rejects.toMatchObject({ code: 'unavailable' });
  streams.lost('gone');
  await failed;
  expect(ends).toEqual(['gone']);
});

it('breaks the link at a malformed frame: every stream is told why, and nothing later is taken', () => {
  const { wire, host, hostBytes } = fakeWire();
  const broken: string[] = [];
  const streams = createBulkStreams(wire, (reason) => broken.push(reason));
  const seen: string[] = [];
  streams.open(1, { data: () => void seen.push('data'), end: (problem) => seen.push(String(problem)) });
  hostBytes(Uint8Array.of(1, 2, 3));
  hostBytes(Uint8Array.of(1));
  host(frameKind.data, 1, 0, Uint8Array.of(1));
  expect(seen).toEqual([expect.stringMatching(/Malformed bulk frame: 3 bytes/)]);
  expect(broken).toEqual(seen);
  expect(() => streams.open(2, { data: () => undefined, end: () => undefined })).toThrow(/Malformed/);
});

it.each([
  ['that comes twice', [0, 0], /frame 0 of kind 1 came where 1 was due/],
  ['before which one is missing', [0, 2], /frame 2 of kind 1 came where 1 was due/],
])('breaks the link at a frame %s', (_what, seqs, reason) => {
  const { wire, host } = fakeWire();
  const broken: string[] = [];
  const seen: string[] = [];
  createBulkStreams(wire, (why) => broken.push(why)).open(1, {
    data: () => void seen.push('data'),
    end: (problem) => void seen.push(String(problem)),
  });
  for (const seq of seqs) host(frameKind.data, 1, seq, Uint8Array.of(1));
  expect(seen).toEqual(['data', expect.stringMatching(reason)]);
  expect(broken).toEqual([expect.stringMatching(reason)]);
});

it('counts the frames of each kind by themselves, and those of a stream that was left no more', () => {
  const { wire, host } = fakeWire();
  const broken: string[] = [];
  const stream = createBulkStreams(wire, (why) => broken.push(why)).open(1, {
    data: () => undefined,
    end: () => undefined,
  });
  host(frameKind.data, 1, 0, Uint8Array.of(1));
  host(frameKind.credit, 1, 0, new Uint8Array(creditPayload(64)));
  stream.forget();
  host(frameKind.data, 1, 7, Uint8Array.of(1));
  expect(broken).toEqual([]);
});

it('breaks the link when more comes for streams that nobody opens than one may have under way', () => {
  const { wire, host } = fakeWire();
  const broken: string[] = [];
  const streams = createBulkStreams(wire, (why) => broken.push(why));
  host(frameKind.data, 1, 0, new Uint8Array(600_000));
  const taken: number[] = [];
  streams.open(1, { data: (payload) => void taken.push(payload.length), end: () => undefined });
  host(frameKind.data, 2, 0, new Uint8Array(600_000));
  expect([taken, broken]).toEqual([[600_000], []]);
  host(frameKind.data, 3, 0, new Uint8Array(600_000));
  expect(broken).toEqual([expect.stringMatching(/that nobody opened/)]);
});

it('opens no stream on a link that is lost', () => {
  const { wire } = fakeWire();
  const streams = createBulkStreams(wire);
  streams.lost('gone');
  expect(() => streams.open(1, { data: () => undefined, end: () => undefined })).toThrow('gone');
});
