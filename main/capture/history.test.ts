import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readByIndex } from '../../test/fakes/capture-reader.ts';
import { chunkSamples } from '../../common/signal/pyramid.ts';
import { createSeries, type Series } from '../../common/signal/series.ts';
import { createCaptureFile, type OpenCaptureFile } from './capture-file.ts';
import { createCapture, recoverCapture, type Capture, type CaptureDeps } from './index.ts';
import type { FileLoss } from './backlog.ts';

const weight = { id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' } as const;
const beam = { id: 'gate/beam', name: 'Beam', unit: '', kind: 'step' } as const;
const start = 1_795_000_000_000_000;
const step = 100;

let folder = '';
let now = start;
const clock = { boot: 'boot', mono: () => now - start, now: () => now };
const opened: Capture[] = [];
const problems: unknown[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-history-'));
  now = start;
  problems.length = 0;
});
afterEach(async () => {
  for (const capture of opened.splice(0)) await capture.close().catch(() => undefined);
  await rm(folder, { recursive: true });
});

/** What the runs so far gave, and the gaps between them: the truth in memory. */
const truth = { weight: createSeries({ kind: 'linear' }), beam: createSeries({ kind: 'step' }) };
let runs = 0;
const earlier: { file: string; startedAt: number }[] = [];
beforeEach(() => {
  Object.assign(truth, {
    weight: createSeries({ kind: 'linear' }),
    beam: createSeries({ kind: 'step' }),
  });
  earlier.length = 0;
});

async function begin(deps: Partial<CaptureDeps> = {}): Promise<Capture> {
  const capture = createCapture({
    platform: { clock },
    onPyramidProblem: (problem) => problem && problems.push(problem),
    ...deps,
  });
  opened.push(capture);
  const captureId = `run-${++runs}`;
  for (const series of [truth.weight, truth.beam]) {
    const from = Math.floor(series.heardUntil) + 1;
    if (series.count > 0) series.addGap(from, now, 'the host was not running');
  }
  const { file } = await capture.start({ folder, captureId, earlier: [...earlier] });
  earlier.push({ file, startedAt: now });
  return capture;
}

const seqs = new WeakMap<Capture, number>();

/** Gives the capture `count` samples of the cell and an edge of the gate every 1000 of them. */
function run(capture: Capture, count: number): void {
  if (!seqs.has(capture)) {
    capture.addDevice('cell', [weight]);
    capture.addDevice('gate', [beam]);
  }
  for (let done = 0; done < count; done += 1000) {
    const seq = seqs.get(capture) ?? 0;
    seqs.set(capture, seq + 1);
    const t = Float64Array.from({ length: Math.min(1000, count - done) }, (_, i) => now + i * step);
    const v = t.map((time) => Math.fround(Math.sin(time / 7919) * 500 + (time % 977)));
    const edge = { t: t.slice(0, 1), v: Float64Array.of(seq % 2) };
    capture.push([
      { channel: weight.id, seq, t, v },
      { channel: beam.id, seq, ...edge },
    ]);
    truth.weight.append(t, v);
    truth.beam.append(edge.t, edge.v);
    now = t.at(-1)! + step;
  }
}

/** Ends the run, as the host does, or as its end without a word leaves the files: with what was flushed. */
async function end(capture: Capture): Promise<void> {
  await capture.close();
  now += 5_000_000;
}

/** Columns of the two at many zooms and places are the same. */
function expectSame(capture: Capture, names: ('weight' | 'beam')[] = ['weight', 'beam']): void {
  for (const name of names) {
    const [found, expected] = [capture.series(name === 'beam' ? beam.id : weight.id)!, truth[name]];
    expect([found.count, found.firstTime, found.lastTime]).toEqual([
      expected.count,
      expected.firstTime,
      expected.lastTime,
    ]);
    const [first, last] = [expected.firstTime, expected.lastTime + 1_000_000];
    for (const columns of [1, 7, 300, 1920])
      for (const part of [1, 0.3, 0.02]) {
        const dt = Math.max(10, Math.ceil(((last - first) * part) / columns));
        for (const at of [0, 0.31, 0.62, 0.9]) {
          const k = Math.floor((first + at * (last - first)) / dt) - 2;
          expect(found.query(dt, k, columns), `${name} ${dt} ${k}`).toEqual(expected.query(dt, k, columns));
        }
      }
  }
}

const pyramidOf = (index: number) => join(folder, earlier[index]!.file.replace('.mcap', '.pyr'));

describe('after a restart', () => {
  test('the series begin with what the earlier captures hold, and the time between is a gap', async () => {
    const first = await begin();
    run(first, chunkSamples + 5000);
    await end(first);
    const second = await begin();
    run(second, 3000);
    await end(second);
    const third = await begin();
    run(third, chunkSamples * 2 + 50);
    await third.historySettled();
    expectSame(third);
    expect(third.series(weight.id)!.gapLog).toEqual(truth.weight.gapLog);
    expect(third.series(weight.id)!.gapLog).toHaveLength(2);
    expect(third.series(beam.id)!.gapLog).toEqual(truth.beam.gapLog);
    expect(problems).toEqual([]);
  });

  test('channels whose device is not there yet are listed and drawn', async () => {
    const first = await begin();
    run(first, 2000);
    await end(first);
    const second = await begin();
    expectSame(second);
    await expect
      .poll(() => second.channels.get())
      .toMatchObject([
        { ...weight, samples: 2000, first: start },
        { ...beam, samples: 2 },
      ]);
    run(second, 10);
    expectSame(second);
    const { path } = await second.close();
    expect((await readByIndex(await readFile(path))).samples.get(weight.id)!.t).toHaveLength(10);
  });

  test('a window, a level before it and a read reach back through all of them', async () => {
    const first = await begin();
    run(first, chunkSamples + 5000);
    await end(first);
    const second = await begin();
    run(second, 500);
    const [from, to] = [start + 250 * step, now];
    const pieces: Uint8Array[] = [];
    for await (const piece of await second.exportWindow([weight.id, beam.id], from, to)) pieces.push(piece);
    const read = await readByIndex(new Uint8Array(Buffer.concat(pieces)));
    const { t, v } = truth.weight.slice(250, truth.weight.appended);
    expect(read.samples.get(weight.id)).toMatchObject({ t: [...t], v: [...v] });
    const values = read.metadata.find(({ name }) => name === 'warroom.window')!.metadata;
    expect(values.get(`before:${beam.id}`)).toBe(JSON.stringify({ t: start, v: 0 }));
    expect(read.metadata.filter(({ name }) => name === 'warroom.gap')).toHaveLength(2);
    const whole = second.read(weight.id, from, to, 1e6);
    expect(whole).toEqual({ t, v, total: t.length });
    expect(second.read(weight.id, from, to, 10).t).toEqual(t.slice(0, 10));
  });

  test('no level is given for a window over which the host did not run', async () => {
    const first = await begin();
    run(first, 2000);
    await end(first);
    const second = await begin();
    const pieces: Uint8Array[] = [];
    for await (const piece of await second.exportWindow([beam.id], now - 1000, now)) pieces.push(piece);
    const read = await readByIndex(new Uint8Array(Buffer.concat(pieces)));
    expect(
      read.metadata.find(({ name }) => name === 'warroom.window')!.metadata.has(`before:${beam.id}`),
    ).toBe(false);
  });

  test('of a clock that was set back, what comes is drawn all the same', async () => {
    const first = await begin();
    run(first, 2000);
    await end(first);
    now = start + 500 * step;
    const second = await begin();
    run(second, 700);
    const series = second.series(weight.id)!;
    expect(series.appended).toBe(700);
    expect(series.indexAt(start)).toBe(-500);
    expect(series.timeAt(-1)).toBe(start + 499 * step);
  });
});

describe('what lies beside an earlier capture', () => {
  /** One ended run of two chunks and a rest, and the bytes of its `.pyr`. */
  async function ended() {
    const first = await begin();
    run(first, chunkSamples + 3000);
    first.noteLoss([weight.id], now, 3, 'samples were lost');
    truth.weight.addGap(Math.floor(truth.weight.lastTime), now, 'samples were lost');
    await end(first);
    return readFile(pyramidOf(0));
  }

  async function expectMade(): Promise<void> {
    const second = await begin();
    await second.historySettled();
    run(second, 500);
    expectSame(second, ['weight']);
    expect([...second.series(weight.id)!.gapLog]).toEqual(truth.weight.gapLog);
    expect(second.series(beam.id)!.slice(-99, 99)).toEqual(truth.beam.slice(0, 99));
    await second.close();
  }

  test('is made again where it is missing', async () => {
    const bytes = await ended();
    await rm(pyramidOf(0));
    await expectMade();
    expect((await stat(pyramidOf(0))).size).toBe(bytes.length);
    expect(problems).toEqual([]);
  });

  test('is made again where it is of another capture', async () => {
    await ended();
    const other = await begin();
    run(other, 4000);
    await end(other);
    await copyFile(pyramidOf(1), pyramidOf(0));
    const third = await begin();
    await third.historySettled();
    expectSame(third, ['weight']);
  });

  test('is made again where the capture was changed since', async () => {
    await ended();
    const path = join(folder, earlier[0]!.file);
    const bytes = await readFile(path);
    await writeFile(path, bytes.subarray(0, bytes.length - 4000));
    await recoverCapture(path);
    const left = (await readByIndex(await readFile(path))).samples.get(weight.id)!.t;
    const second = await begin();
    await second.historySettled();
    expect([...second.series(weight.id)!.slice(-1e6, 0).t]).toEqual(left);
    expect(left.length).toBeLessThan(truth.weight.count);
  });

  test.each([0, 5, 30, 0.2, 0.5, 0.9, 0.97, 0.9999])(
    'is completed where it ends early (%d)',
    async (part) => {
      const bytes = await ended();
      await writeFile(pyramidOf(0), bytes.subarray(0, part < 1 ? Math.floor(part * bytes.length) : part));
      await expectMade();
      expect(problems).toEqual([]);
      const { end: told } = await surveyOf(0);
      expect(told).not.toBeNull();
    },
  );

  test('is made again where a byte of it is wrong, and is never believed', async () => {
    const bytes = await ended();
    for (const at of [3, 20, 60, 400, 5000, 70_000, 500_000, bytes.length - 9]) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 4;
      await writeFile(pyramidOf(0), damaged);
      const capture = await begin();
      await capture.historySettled();
      const series = capture.series(weight.id)!;
      // Whatever is read is right, or is not there: and what asks finds it, and has it made again.
      const { t } = series.slice(series.oldest, 0);
      t.forEach((time, i) => Number.isNaN(time) || expect(time).toBe(start + i * step));
      series.query(10_000, Math.floor(start / 10_000), 800);
      await capture.historySettled();
      expect(series.slice(series.oldest, 0), `byte ${at}`).toEqual(truth.weight.slice(0, 1e6));
      await capture.close();
      earlier.pop();
    }
  });

  test('that can not be made is told, and evidence is taken from the capture', async () => {
    await ended();
    await rm(pyramidOf(0));
    const openFile: OpenCaptureFile = () =>
      Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    const capture = await begin({ pyramid: { openFile } });
    await capture.historySettled();
    expect(problems).toMatchObject([{ code: 'no-space' }]);
    capture.addDevice('cell', [weight]);
    const pieces: Uint8Array[] = [];
    for await (const piece of await capture.exportWindow([weight.id], start + 5 * step, now))
      pieces.push(piece);
    const read = await readByIndex(new Uint8Array(Buffer.concat(pieces)));
    expect(read.samples.get(weight.id)!.t).toEqual([...truth.weight.slice(5, 1e6).t]);
  });

  async function surveyOf(index: number) {
    const { openPyramid } = await import('./pyramid-file.ts');
    const { createPageCaches } = await import('./page-cache.ts');
    const file = openPyramid(pyramidOf(index), createPageCaches(), (error) => expect.fail(String(error)));
    const survey = file.survey();
    file.close();
    return survey;
  }
});

describe('while it is captured', () => {
  test('full chunks are read from disk, and a small memory gives the same columns', async () => {
    const capture = await begin({ pyramid: { cacheBytes: 1 } });
    run(capture, chunkSamples * 5 + 100);
    await onDisk(capture, 5);
    expectSame(capture);
  });

  test('a disk that does not take them costs nothing but time', async () => {
    let isFull = true;
    const capture = await begin({ pyramid: { openFile: failingWhile(() => isFull), retryEveryMs: 1 } });
    run(capture, chunkSamples * 2 + 100);
    await expect.poll(() => problems.length).toBe(1);
    expectSame(capture);
    isFull = false;
    await onDisk(capture, 2);
    expectSame(capture);
    await end(capture);
    const next = await begin();
    await next.historySettled();
    expectSame(next);
  });

  test('what the disk never takes leaves memory as a gap; evidence has it from the capture, and so has the next run', async () => {
    const openFile = failingWhile(() => true);
    const capture = await begin({ pyramid: { openFile, queueBytes: chunkSamples * 16 } });
    run(capture, chunkSamples * 3 + 100);
    const series = capture.series(weight.id)!;
    await expect.poll(() => series.gapLog.length).toBe(2);
    // The first is in hand.
    const [from, to] = [start + chunkSamples * step, start + 2 * chunkSamples * step];
    expect(series.gapLog[0]).toEqual({ from, to, reason: 'the disk did not take it' });
    expect(series.count).toBe(chunkSamples + 100);
    const pieces: Uint8Array[] = [];
    for await (const piece of await capture.exportWindow([weight.id], start, now)) pieces.push(piece);
    const read = await readByIndex(new Uint8Array(Buffer.concat(pieces)));
    expect(read.samples.get(weight.id)!.t).toEqual([...truth.weight.slice(0, 1e6).t]);
    await end(capture);
    const next = await begin();
    await next.historySettled();
    expectSame(next, ['weight']);
  });

  test('what the capture lost for want of room is a gap, also in the next run, whatever lies beside it', async () => {
    let isFull = false;
    const losses: FileLoss[] = [];
    const capture = await begin({
      openFile: failingWhile(() => isFull),
      onFileLoss: (loss) => losses.push(loss),
    });
    run(capture, 5000);
    await capture.flush();
    isFull = true;
    const samples = 600_000;
    run(capture, samples);
    await capture.flush();
    isFull = false;
    await capture.flush();
    expect(losses).toHaveLength(1);
    const { channels, spans, reason } = losses[0]!;
    expect(channels).toEqual([weight.id, beam.id]);
    const gapsOf = (of: Capture, id: string) => of.series(id)!.gapLog.filter((gap) => gap.reason === reason);
    const expected = new Map(
      [...spans].map(([id, { from, to }]) => [id, [{ from, to: to + 1, reason }]] as const),
    );
    expect(gapsOf(capture, weight.id)).toEqual(expected.get(weight.id));
    expect(gapsOf(capture, beam.id)).toEqual(expected.get(beam.id));
    await expect
      .poll(() => capture.channels.get().map(({ lost }) => lost))
      .toEqual([spans.get(weight.id)!.samples, spans.get(beam.id)!.samples]);
    await end(capture);
    const { t } = (await readByIndex(await readFile(pyramidOf(0).replace('.pyr', '.mcap')))).samples.get(
      weight.id,
    )!;
    expect(t.length).toBe(5000 + samples - spans.get(weight.id)!.samples);
    expect(t.some((time) => time >= spans.get(weight.id)!.from && time <= spans.get(weight.id)!.to)).toBe(
      false,
    );
    for (const prepare of [() => Promise.resolve(), () => rm(pyramidOf(0))]) {
      await prepare();
      earlier.length = 1;
      const next = await begin();
      await next.historySettled();
      expect(gapsOf(next, weight.id)).toEqual(expected.get(weight.id));
      expect(gapsOf(next, beam.id)).toEqual(expected.get(beam.id));
      await next.close();
    }
  });

  test('what neither file takes is lost: told once, and a gap where it was', async () => {
    let isFull = false;
    const losses: { samples: number; from: number; to: number }[] = [];
    const openFile = failingWhile(() => isFull);
    const capture = await begin({
      openFile,
      onFileLoss: (loss) => losses.push(loss),
      pyramid: { openFile, queueBytes: 0, retryEveryMs: 1 },
    });
    isFull = true;
    const samples = 12 * chunkSamples;
    run(capture, samples);
    await capture.flush();
    isFull = false;
    await capture.flush();
    const series: Series = capture.series(weight.id)!;
    expect(losses).toHaveLength(1);
    await expect.poll(() => series.givenUp.length).toBeGreaterThan(0);
    const [from, to] = [losses[0]!.from, losses[0]!.to];
    const missing = series.givenUp
      .filter((gap) => gap.from < to && gap.to > from)
      .map((gap) => Math.min(gap.to, to) - Math.max(gap.from, from));
    const { t } = series.slice(series.indexAt(from), series.indexAt(to));
    const gone = missing.reduce((sum, span) => sum + span, 0) / step;
    expect(t.length + gone).toBe((to - from) / step);
    expect(gone).toBeGreaterThan(losses[0]!.samples / 2);
  });

  async function onDisk(capture: Capture, chunks: number): Promise<void> {
    const path = pyramidOf(earlier.length - 1);
    const bytes = chunks * chunkSamples * 8;
    await expect
      .poll(() =>
        stat(path).then(
          ({ size }) => size,
          () => 0,
        ),
      )
      .toBeGreaterThan(bytes);
    await capture.flush();
  }

  /** Files whose writes fail while `isFull`, as on a full disk. */
  function failingWhile(isFull: () => boolean): OpenCaptureFile {
    return async (path) => {
      const file = await createCaptureFile(path);
      return {
        ...file,
        write: (bytes, position) =>
          isFull()
            ? Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' }))
            : file.write(bytes, position),
      };
    };
  }
});
