import { describe, expect, test } from 'vitest';
import {
  createPage,
  pagesOf,
  summaryOf,
  writePage,
  type ChunkStore,
  type Page,
  type StoredPages,
} from './pages.ts';
import { Chunk, chunkSamples } from './pyramid.ts';
import { createSeries, type Columns, type Gap, type Series } from './series.ts';

/** Mulberry32: the same numbers from the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The pages of a chunk, as a disk would give them back; `isBad` tells which can't be read. */
function storedPages(chunk: Chunk, isBad: (n: number) => boolean = () => false): StoredPages {
  const summary = summaryOf(chunk);
  const pages = Array.from({ length: pagesOf(summary).all }, (_, n) => {
    const page = createPage();
    writePage(chunk, summary, n, page);
    return page;
  });
  return { ...summary, page: (n): Page | null => (isBad(n) ? null : pages[n]!) };
}

const disk: ChunkStore = { put: (chunk) => Promise.resolve(storedPages(chunk)) };

interface Truth {
  t: number[];
  v: number[];
}

/** Signals of every temper: noise, slow and fast waves, levels, spikes, values that are none, silences, equal times. */
const shapes: Record<string, (i: number, random: () => number) => number> = {
  noise: (_, random) => (random() - 0.5) * 1e6,
  wave: (i) => Math.sin(i / 5000) * 1e3,
  ramp: (i) => i,
  level: (i) => Math.floor(i / 7000) % 2,
  'a spike in silence': (i) => (i === 40_001 ? 9 : 0),
  counts: (_, random) => Math.round((random() - 0.5) * 2 ** 24),
  'holes of NaN': (i, random) => (Math.floor(i / 300) % 3 === 0 ? NaN : random()),
};

function samplesOf(shape: string, count: number, seed: number): Truth {
  const random = seeded(seed);
  const [t, v]: [number[], number[]] = [[], []];
  let at = 1_795_000_000_000_000;
  for (let i = 0; i < count; i++) {
    const silence = random() < 0.0003 ? 3_000_000 : 0;
    at += random() < 0.02 ? 0 : Math.floor(random() * 40) + silence;
    t.push(at);
    v.push(shapes[shape]!(i, random));
  }
  return { t, v };
}

/** The definition of a column, sample by sample; for a step channel with what is held. */
function byDefinition({ t, v }: Truth, dt: number, first: number, count: number, step?: Series): Columns {
  const min = new Float32Array(count).fill(Infinity);
  const max = new Float32Array(count).fill(-Infinity);
  const widen = (k: number, value: number) => {
    if (value < min[k]!) min[k] = value;
    if (value > max[k]!) max[k] = value;
  };
  t.forEach((time, i) => {
    const k = Math.floor(time / dt) - first;
    if (k >= 0 && k < count) widen(k, v[i]!);
  });
  if (step) {
    for (let k = 0, next = 0; k < count; k++) {
      const start = (first + k) * dt;
      while (next < t.length && t[next]! < start) next++;
      const isBroken = step.gapLog.some(({ from, to }) => to > from && from >= t[next - 1]! && from <= start);
      if (next > 0 && t[next] !== start && start <= step.heardUntil && !isBroken) widen(k, v[next - 1]!);
    }
  }
  for (let k = 0; k < count; k++) if (!(min[k]! <= max[k]!)) min[k] = max[k] = NaN;
  return { min, max };
}

/** Windows at every zoom and place, also past both ends. */
function* windows({ t }: Truth, seed: number, count: number) {
  const random = seeded(seed);
  const span = t.at(-1)! - t[0]!;
  for (let i = 0; i < count; i++) {
    const columns = 1 + Math.floor(random() * 400);
    const width = Math.max(10 * columns, span * 10 ** (-4.5 * random()) * 1.2);
    const dt = Math.max(10, Math.round(width / columns));
    const from = t[0]! - 0.2 * width + random() * (span - 0.6 * width);
    yield { dt, first: Math.floor(from / dt), columns };
  }
}

async function fill(series: Series, { t, v }: Truth): Promise<void> {
  for (let i = 0; i < t.length; i += 5000) series.append(t.slice(i, i + 5000), v.slice(i, i + 5000));
  await Promise.resolve();
}

async function chunksOf(truth: Truth): Promise<StoredPages[]> {
  const chunks: StoredPages[] = [];
  const store: ChunkStore = {
    put: (chunk) => {
      chunks.push(storedPages(chunk));
      return Promise.resolve(null);
    },
  };
  const series = createSeries({ kind: 'linear', store });
  await fill(series, truth);
  const tail = series.tail();
  return tail ? [...chunks, storedPages(tail)] : chunks;
}

describe('a series on disk', () => {
  test.each(Object.keys(shapes))('has the columns of its samples one by one: %s', async (shape) => {
    const truth = samplesOf(shape, chunkSamples * 2 + 9999, 3);
    const series = createSeries({ kind: 'linear', store: disk });
    await fill(series, truth);
    expect(series.tail()!.count).toBe(9999);
    for (const { dt, first, columns } of windows(truth, 5, 120))
      expect(series.query(dt, first, columns), `${shape} ${dt} ${first} ${columns}`).toEqual(
        byDefinition(truth, dt, first, columns),
      );
  });

  test('has them where nodes and pages of every level meet', async () => {
    const truth = samplesOf('noise', chunkSamples + 9999, 13);
    const series = createSeries({ kind: 'linear', store: disk });
    await fill(series, truth);
    for (const edge of [16, 256, 4096, 8192, chunkSamples - 4096, chunkSamples])
      for (const dt of [10, 37, 100, 170, 1000, 4000]) {
        const first = Math.floor(truth.t[edge - 10]! / dt) - 10;
        expect(series.query(dt, first, 40), `${edge} ${dt}`).toEqual(byDefinition(truth, dt, first, 40));
      }
  });

  test.each(['level', 'noise'])('holds the levels of a step channel, never over a gap: %s', async (shape) => {
    const truth = samplesOf(shape, chunkSamples + 20_000, 11);
    const series = createSeries({ kind: 'step', store: disk });
    await fill(series, truth);
    series.heard(series.lastTime + 40_000);
    const random = seeded(12);
    for (let i = 0; i < 300; i++) {
      const from = truth.t[0]! + Math.floor(random() * (truth.t.at(-1)! - truth.t[0]!));
      series.addGap(from, from + Math.floor(random() * 5000), 'lost');
    }
    for (const { dt, first, columns } of windows(truth, 6, 80))
      expect(series.query(dt, first, columns), `${dt} ${first} ${columns}`).toEqual(
        byDefinition(truth, dt, first, columns, series),
      );
  });

  test('takes half the room where it loses nothing by it', () => {
    const chunkOf = (t: number[], v: number[]) => {
      const chunk = new Chunk(true);
      t.forEach((time, i) => chunk.append(time, v[i]!));
      return summaryOf(chunk).isCompact;
    };
    const t = [1.75e15, 1.75e15 + 0.25, 1.75e15 + 1e6];
    expect(chunkOf(t, [-(2 ** 23), NaN, 2 ** 23 - 1])).toBe(true);
    expect(chunkOf(t, [1, 2, 0.1])).toBe(false);
    expect(chunkOf([0, 0.1], [1, 2])).toBe(false);
    expect(chunkOf([1.75e15, 1.75e15 + 2 ** 30], [1, 2])).toBe(false);
  });

  test.each(['noise', 'counts'])('gives back its samples and their numbers: %s', async (shape) => {
    const truth = samplesOf(shape, chunkSamples * 2 + 50, 4);
    const series = createSeries({ kind: 'linear', store: disk });
    await fill(series, truth);
    const random = seeded(1);
    for (let i = 0; i < 300; i++) {
      const index = Math.floor(random() * truth.t.length);
      const time = truth.t[index]!;
      expect(series.indexAt(time)).toBe(truth.t.indexOf(time));
      expect(series.indexAt(time + 0.5)).toBe(truth.t.lastIndexOf(time) + 1);
      expect(series.timeAt(index)).toBe(time);
    }
    const [from, to] = [chunkSamples - 700, chunkSamples * 2 + 20];
    expect(series.slice(from, to)).toEqual({
      t: Float64Array.from(truth.t.slice(from, to)),
      v: Float64Array.from(truth.v.slice(from, to)),
    });
    expect(series.slice(-5, 2).t).toHaveLength(2);
    expect([series.oldest, series.appended, series.count]).toEqual([0, truth.t.length, truth.t.length]);
  });

  test('is read without a page that is damaged, and all the rest of it is right', async () => {
    const truth = samplesOf('noise', chunkSamples, 4);
    const bad = pagesOf({ count: chunkSamples, isCompact: false }).fine + 1 + 77;
    const store: ChunkStore = { put: (chunk) => Promise.resolve(storedPages(chunk, (n) => n === bad)) };
    const series = createSeries({ kind: 'linear', store });
    await fill(series, truth);
    const lost = { from: 77 * 256, to: 78 * 256 };
    expect(series.slice(lost.from - 1, lost.from + 1).t).toEqual(
      Float64Array.of(truth.t[lost.from - 1]!, NaN),
    );
    const rest = {
      t: truth.t.filter((_, i) => i < lost.from || i >= lost.to),
      v: truth.v.filter((_, i) => i < lost.from || i >= lost.to),
    };
    const first = Math.floor(truth.t[lost.from]! / 10) - 100;
    expect(series.query(10, first, 90)).toEqual(byDefinition(rest, 10, first, 90));
  });

  test('gives up a chunk that the store does not take: a gap, and numbers that stay', async () => {
    const truth = samplesOf('noise', chunkSamples * 2 + 100, 4);
    let puts = 0;
    const store: ChunkStore = {
      put: (chunk) => Promise.resolve(puts++ === 0 ? null : storedPages(chunk)),
    };
    const series = createSeries({ kind: 'step', store });
    await fill(series, truth);
    const gap = { from: truth.t[0]!, to: truth.t[chunkSamples]!, reason: 'the disk did not take it' };
    expect(series.gapLog).toEqual([gap]);
    expect(series.givenUp).toEqual([gap]);
    expect([series.oldest, series.appended, series.revision]).toEqual([chunkSamples, truth.t.length, 1]);
    expect(series.timeAt(chunkSamples)).toBe(truth.t[chunkSamples]);
    expect(series.timeAt(5)).toBeNaN();
  });
});

describe('the history of a series', () => {
  const older = samplesOf('noise', chunkSamples + 500, 21);
  const own = samplesOf('noise', chunkSamples + 300, 22);
  const shift = older.t.at(-1)! + 60_000_000 - own.t[0]!;
  own.t = own.t.map((time) => time + shift);
  const all = { t: [...older.t, ...own.t], v: [...older.v, ...own.v] };
  const gap: Gap = { from: older.t.at(-1)!, to: own.t[0]!, reason: 'the host was not running' };

  test('is drawn before what is appended, as one, with its gaps and levels', async () => {
    for (const kind of ['linear', 'step'] as const) {
      const series = createSeries({ kind, store: disk });
      await fill(series, own);
      series.setHistory({ chunks: await chunksOf(older), gaps: [gap], heardUntil: older.t.at(-1)! });
      expect([series.oldest, series.appended, series.count]).toEqual([
        -older.t.length,
        own.t.length,
        all.t.length,
      ]);
      expect([series.firstTime, series.lastTime]).toEqual([all.t[0], all.t.at(-1)]);
      expect(series.slice(-3, 3).v).toEqual(Float64Array.from([...older.v.slice(-3), ...own.v.slice(0, 3)]));
      for (const { dt, first, columns } of windows(all, 7, 60))
        expect(series.query(dt, first, columns), `${kind} ${dt} ${first}`).toEqual(
          byDefinition(all, dt, first, columns, kind === 'step' ? series : undefined),
        );
    }
  });

  test('that comes late makes what was drawn out of date, keeps numbers, and takes the place of an earlier one', async () => {
    const series = createSeries({ kind: 'linear', store: disk });
    await fill(series, own);
    series.addGap(1, 2, 'own');
    const taken = series.snapshot();
    const { revision } = series;
    const chunks = await chunksOf(older);
    series.setHistory({ chunks: chunks.slice(0, 1), gaps: [], heardUntil: 0 });
    series.setHistory({ chunks, gaps: [gap], heardUntil: 0 });
    expect(series.revision).toBeGreaterThan(revision + 1);
    expect(series.count).toBe(all.t.length);
    expect(series.indexAt(own.t[0]!)).toBe(0);
    expect(series.gapLog).toEqual([gap, { from: 1, to: 2, reason: 'own' }]);
    expect([taken.oldest, taken.indexAt(0)]).toEqual([0, 0]);
  });

  test('of a clock that was set back is cut where the later part begins', async () => {
    const back = { t: own.t.map((time) => time - shift + 5000), v: own.v };
    const from = older.t.findIndex((time) => time > back.t[0]!);
    const until = back.t.at(-1)! - 100;
    const truth = {
      t: [...older.t.slice(0, from), ...back.t.filter((time) => time < until)],
      v: [...older.v.slice(0, from), ...back.v],
    };
    const series = createSeries({ kind: 'linear', store: disk });
    const chunks = [...(await chunksOf(older)), ...(await chunksOf(back))];
    series.setHistory({ chunks, gaps: [], heardUntil: Infinity, until });
    expect(series.slice(-truth.t.length - 9, 0).t).toEqual(Float64Array.from(truth.t));
    expect(series.heardUntil).toBe(until);
    for (const { dt, first, columns } of windows(truth, 8, 40))
      expect(series.query(dt, first, columns)).toEqual(byDefinition(truth, dt, first, columns));
  });

  test('ends where what was appended begins, and nothing is appended before its end', async () => {
    const series = createSeries({ kind: 'linear', store: disk });
    const cut = 1000;
    series.append([older.t[cut]! + 0.5], [1]);
    series.setHistory({ chunks: await chunksOf(older), gaps: [], heardUntil: 0 });
    expect(series.indexAt(older.t[cut]! + 0.5)).toBe(0);
    expect(series.timeAt(-1)).toBe(older.t[cut]);

    const later = createSeries({ kind: 'linear', store: disk });
    later.setHistory({ chunks: await chunksOf(older), gaps: [], heardUntil: 0 });
    expect(later.append([older.t.at(-1)! - 1, older.t.at(-1)!], [1, 2])).toBe(1);
    expect(later.appended).toBe(1);
  });
});
