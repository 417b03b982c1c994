import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFakeBulkStream } from '../../test/fakes/bulk-stream.ts';
import { readByIndex, readByStream } from '../../test/fakes/capture-reader.ts';
import type { SampleBlock } from '../../common/wire/types.ts';
import type { Call } from '../platform/call.ts';
import { createCapture, createCaptureApi, recoverCapture, type Capture, type CaptureDeps } from './index.ts';

const weight = { id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' } as const;
const raw = { id: 'cell/raw', name: 'Raw', unit: '', kind: 'linear' } as const;
const beam = { id: 'gate/beam', name: 'Beam', unit: '', kind: 'step' } as const;
const start = 1_795_000_000_000_000;

let folder = '';
let now = start;
const clock = { boot: 'boot', mono: () => now - start, now: () => now };
const opened: Capture[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-capture-'));
  now = start;
});
afterEach(async () => {
  for (const capture of opened.splice(0)) await capture.close().catch(() => undefined);
  await rm(folder, { recursive: true });
});

async function begin(deps: Partial<CaptureDeps> = {}): Promise<Capture> {
  const capture = createCapture({ platform: { clock }, ...deps });
  opened.push(capture);
  await capture.start({ folder, captureId: 'one' });
  capture.addDevice('cell', [weight, raw]);
  capture.addDevice('gate', [beam]);
  return capture;
}

const block = (channel: string, seq: number, at: number[], v = at.map((_, i) => i)): SampleBlock => ({
  channel,
  seq,
  t: Float64Array.from(at, (t) => start + t),
  v: Float64Array.from(v),
});

describe('what others on the host read', () => {
  test('is the samples of a window, at most so many, and how many there are', async () => {
    const capture = await begin();
    capture.push([block(weight.id, 0, [0, 10, 20, 30, 40])]);
    expect(capture.read(weight.id, start + 10, start + 40, 2)).toEqual({
      t: Float64Array.of(start + 10, start + 20),
      v: Float64Array.of(1, 2),
      total: 3,
    });
    expect(capture.read(weight.id, start + 40, start + 10, 9).total).toBe(0);
    expect(capture.read(raw.id, 0, start + 100, 9)).toMatchObject({ total: 0 });
    expect(() => capture.read('nothing', 0, 1, 1)).toThrow(expect.objectContaining({ code: 'not-found' }));
  });

  test('comes block by block, without what stepped back, and does not end for a listener that fails', async () => {
    const failures: unknown[] = [];
    const capture = await begin({ onListenerError: (error) => failures.push(error) });
    const heard: unknown[] = [];
    capture.onSamples(() => {
      throw new Error('no');
    });
    const stop = capture.onSamples(({ t, v }, info) => heard.push([info.id, [...t], [...v]]));
    capture.push([block(weight.id, 0, [0, 10]), block(weight.id, 1, [5, 20])]);
    stop();
    capture.push([block(weight.id, 2, [30])]);
    expect(heard).toEqual([
      [weight.id, [start, start + 10], [0, 1]],
      [weight.id, [start + 20], [1]],
    ]);
    expect(failures).toHaveLength(3);
  });

  test('may be computed by the host: a channel of a device that is none, in the file like any other', async () => {
    const capture = await begin();
    const sum = { id: 'math/sum', name: 'Sum', unit: 'g', kind: 'linear' } as const;
    capture.addDevice('math', [sum]);
    let seq = 0;
    capture.onSamples(({ channel, t, v }) => {
      if (channel !== weight.id) return;
      capture.push([{ channel: sum.id, seq: seq++, t: t.slice(), v: v.map((value) => value * 2) }]);
    });
    capture.push([block(weight.id, 0, [0, 10])]);
    capture.push([block(weight.id, 1, [20])]);
    expect(capture.read(sum.id, start, start + 100, 9)).toMatchObject({ v: Float64Array.of(0, 2, 0) });
    const { path } = await capture.close();
    expect((await readByIndex(await readFile(path))).samples.get(sum.id)!.v).toEqual([0, 2, 0]);
  });
});

describe('what is missing', () => {
  test('shows in the numbers of the blocks: counted, told, drawn and recorded', async () => {
    const capture = await begin();
    expect(capture.push([block(weight.id, 40, [0, 10]), block(weight.id, 41, [20])])).toEqual([]);
    const gap = {
      channels: [weight.id],
      from: start + 20,
      to: start + 90,
      reason: 'blocks were lost on the way',
      lost: 3,
    };
    expect(capture.push([block(weight.id, 45, [90])])).toEqual([gap]);
    expect(capture.push([block(weight.id, 46, [100]), block(weight.id, 0, [110])])).toEqual([]);
    expect(capture.series(weight.id)!.gaps(start + 30, start + 40)).toHaveLength(1);
    const { path } = await capture.close();
    expect(capture.channels.get().find(({ id }) => id === weight.id)).toMatchObject({
      lost: 3,
      samples: 6,
      first: start,
      last: start + 110,
    });
    const read = await readByIndex(await readFile(path));
    expect(read.metadata.map(({ metadata }) => metadata.get('lost'))).toEqual(['3']);
    expect(read.samples.get(weight.id)!.sequences).toEqual([0, 4]);
  });

  test('while a link was lost is told when it is back, for all channels of the device', async () => {
    const capture = await begin();
    capture.push([block(weight.id, 0, [0, 10])]);
    expect(capture.linkBack('cell', start + 50)).toBeNull();
    capture.linkLost('cell', start + 12);
    const gap = {
      channels: [weight.id, raw.id],
      from: start + 12,
      to: start + 900,
      reason: 'the link was lost',
      lost: 0,
    };
    expect(capture.linkBack('cell', start + 900)).toEqual(gap);
    expect(capture.linkBack('cell', start + 950)).toBeNull();
  });

  test('is told at the first sample when that comes before the word of the link', async () => {
    const capture = await begin();
    capture.push([block(weight.id, 0, [0])]);
    capture.linkLost('cell', start + 12);
    expect(capture.push([block(weight.id, 1, [5])])).toEqual([]);
    expect(capture.push([block(weight.id, 2, [500])])).toMatchObject([{ from: start + 12, to: start + 500 }]);
    expect(capture.linkBack('cell', start + 510)).toBeNull();
  });

  test('at the close is told for links that are lost then', async () => {
    const capture = await begin();
    capture.push([block(beam.id, 0, [0])]);
    capture.linkLost('gate', start + 100);
    now = start + 5000;
    expect((await capture.close()).gaps).toMatchObject([
      { channels: [beam.id], from: start + 100, to: start + 5000 },
    ]);
  });

  test('by the device’s own count starts where the channel was last known', async () => {
    const capture = await begin();
    capture.push([block(beam.id, 0, [0])]);
    capture.heard('gate', start + 700);
    expect(capture.noteLoss([beam.id], start + 1000, 2, 'edges were lost')).toMatchObject({
      from: start + 700,
      to: start + 1000,
      lost: 2,
    });
    // Held until it was last heard, and not after: an edge is known to be missing there.
    capture.heard('gate', start + 2000);
    const { max } = capture.series(beam.id)!.query(100, start / 100, 15);
    expect(Array.from(max, Number.isNaN)).toEqual(Array.from({ length: 15 }, (_, k) => k >= 7));
  });

  test('and known as a block is told once, with its span', async () => {
    const capture = await begin();
    capture.push([block(weight.id, 7, [0, 10])]);
    const lost = { channel: weight.id, seq: 8, samples: 300, from: start + 20.25, to: start + 3010.5 };
    const gap = { channels: [weight.id], from: start + 20, to: start + 3011, reason: 'too late', lost: 300 };
    expect(capture.noteLostBlock(lost, 'too late')).toEqual(gap);
    const shown = { from: gap.from, to: gap.to, reason: gap.reason };
    expect(capture.series(weight.id)!.gaps(start + 500, start + 600)).toEqual([shown]);
    expect(capture.push([block(weight.id, 9, [3020])])).toEqual([]);
    const { path } = await capture.close();
    expect(capture.channels.get()[0]!.lost).toBe(300);
    const read = await readByIndex(await readFile(path));
    expect(read.metadata.map(({ metadata }) => metadata.get('lost'))).toEqual(['300']);
    expect(read.samples.get(weight.id)!.sequences).toEqual([0, 301]);
  });

  test('of several blocks is told by the numbers only for those that are not known', async () => {
    const capture = await begin();
    capture.push([block(weight.id, 7, [0])]);
    const lost = { channel: weight.id, seq: 9, samples: 300, from: start + 200, to: start + 300 };
    expect(capture.noteLostBlock(lost, 'too late')).toMatchObject({ from: start + 200, lost: 300 });
    expect(capture.push([block(weight.id, 11, [400])])).toMatchObject([{ lost: 2 }]);
    expect(capture.push([block(weight.id, 12, [410])])).toEqual([]);
  });

  test('is told for times that step back; the file keeps the samples', async () => {
    const capture = await begin();
    capture.push([block(weight.id, 0, [100])]);
    expect(capture.push([block(weight.id, 1, [50, 200])])).toMatchObject([
      { lost: 1, reason: 'times stepped back' },
    ]);
    const { path } = await capture.close();
    expect(readByStream(await readFile(path)).samples.get(weight.id)!.t).toEqual([
      start + 100,
      start + 50,
      start + 200,
    ]);
  });
});

test('a capture that was not closed is recovered with all that was flushed', async () => {
  const capture = await begin();
  capture.push([block(weight.id, 0, [0, 10, 20])]);
  capture.pushRejected({ device: 'cell', at: start + 5, bytes: Uint8Array.of(7), reason: 'no line', cut: 0 });
  await capture.flush();
  const path = join(folder, 'captures', 'one.mcap');
  const cut = await readFile(path);
  expect(cut.length).toBe(capture.flushedLength());
  await writeFile(join(folder, 'cut.mcap'), cut);
  expect(await recoverCapture(join(folder, 'cut.mcap'))).toMatchObject({
    recovered: true,
    chunksLost: 0,
    bytesLost: 0,
  });
  const read = await readByIndex(await readFile(join(folder, 'cut.mcap')));
  expect(read.samples.get(weight.id)!.t).toEqual([start, start + 10, start + 20]);
  expect(read.rejected).toHaveLength(1);
});

test('bytes that no parser took are kept of a device that has not yet said anything else', async () => {
  const capture = await begin();
  capture.pushRejected({ device: 'new', at: start, bytes: Uint8Array.of(9), reason: 'no line', cut: 0 });
  const { path } = await capture.close();
  expect((await readByIndex(await readFile(path))).rejected).toMatchObject([{ topic: 'new/rejected-bytes' }]);
});

test('a part for a bundle is whole while the capture goes on', async () => {
  const capture = await begin();
  capture.push([block(weight.id, 0, [0, 10, 20])]);
  const { path } = await capture.copyPart(join(folder, 'part.mcap'));
  capture.push([block(weight.id, 1, [30])]);
  expect((await readByIndex(await readFile(path))).samples.get(weight.id)!.t).toHaveLength(3);
});

describe('a window', () => {
  async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    const all: Uint8Array[] = [];
    for await (const piece of pieces) all.push(piece);
    return new Uint8Array(Buffer.concat(all));
  }

  test('holds exactly the samples of its time, the level before it, and its gaps', async () => {
    const capture = await begin();
    const times = Array.from({ length: 5000 }, (_, i) => i * 10);
    capture.push([block(weight.id, 0, times), block(raw.id, 0, times), block(beam.id, 0, [100, 30_000])]);
    capture.push([block(weight.id, 2, [50_100])]);
    const bytes = await collect(
      await capture.exportWindow([weight.id, beam.id], start + 20_005, start + 50_050),
    );
    for (const read of [await readByIndex(bytes), readByStream(bytes)]) {
      expect(read.samples.get(weight.id)!.t).toEqual(times.filter((t) => t >= 20_005).map((t) => start + t));
      expect(read.samples.get(weight.id)!.v[0]).toBe(2001);
      expect(read.samples.get(beam.id)!.t).toEqual([start + 30_000]);
      expect(read.samples.has(raw.id)).toBe(false);
      const window = read.metadata.find(({ name }) => name === 'warroom.window')!.metadata;
      expect(window.get(`before:${beam.id}`)).toBe(JSON.stringify({ t: start + 100, v: 0 }));
      expect(read.metadata.filter(({ name }) => name === 'warroom.gap')).toHaveLength(1);
    }
  });

  test('is refused for an unknown channel and for no span', async () => {
    const capture = await begin();
    await expect(capture.exportWindow(['nothing'], 0, 1)).rejects.toMatchObject({ code: 'not-found' });
    await expect(capture.exportWindow([weight.id], 5, 5)).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('the methods', () => {
  function callOf(link: object, stream = createFakeBulkStream(1)) {
    const call: Call = {
      seat: { id: 'seat', role: 'technician', local: true },
      link,
      actor: { kind: 'human', id: 'seat', role: 'technician' },
      signal: undefined,
      openStream: () => stream,
    };
    return { call, stream };
  }

  test('a view belongs to the link that opened it, though stream ids repeat', async () => {
    const capture = await begin();
    capture.push([block(weight.id, 0, [0, 10, 20])]);
    const api = createCaptureApi(() => capture);
    const [mine, other, none] = [callOf({}), callOf({}), callOf({})];
    const view = { channels: [weight.id], dt: 10, from: start, to: null };
    expect(await api.openView(view, mine.call)).toEqual({ stream: 1 });
    expect(await api.openView(view, other.call)).toEqual({ stream: 1 });
    expect(() => api.setView({ ...view, stream: 1 }, none.call)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    expect(() => api.closeView({ stream: 1 }, none.call)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    await api.setView({ ...view, dt: 20, stream: 1 }, other.call);
    await api.closeView({ stream: 1 }, mine.call);
    expect([mine.stream.isOpen, other.stream.isOpen]).toEqual([false, true]);
    expect(() => api.closeView({ stream: 1 }, mine.call)).toThrow(
      expect.objectContaining({ code: 'not-found' }),
    );
    await capture.close();
    expect(other.stream.isOpen).toBe(false);
  });

  test('channels are watched: the list now, then as it changes', async () => {
    const capture = await begin();
    const abort = new AbortController();
    const { call } = callOf({});
    const list = (
      await createCaptureApi(() => capture).channels(undefined, { ...call, signal: abort.signal })
    )[Symbol.asyncIterator]();
    expect((await list.next()).value).toMatchObject([
      { id: weight.id, samples: 0, first: 0 },
      { id: raw.id },
      { id: beam.id },
    ]);
    capture.push([block(weight.id, 0, [0, 10])]);
    expect((await list.next()).value).toMatchObject([{ samples: 2, last: start + 10 }, {}, {}]);
    abort.abort();
    expect((await list.next()).done).toBe(true);
  });
});
