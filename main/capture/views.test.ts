import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeBulkStream, type FakeBulkStream } from '../../test/fakes/bulk-stream.ts';
import { decodeScopeBlocks, type ScopeBlock } from '../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../common/contract/capture.ts';
import { createPage as createSamplesPage, summaryOf, writePage } from '../../common/signal/pages.ts';
import { Chunk } from '../../common/signal/pyramid.ts';
import { createSeries, type Series } from '../../common/signal/series.ts';
import { maxColumns } from './view-channel.ts';
import { openView, sendEveryMs } from './views.ts';

let weight: Series;
let beam: Series;
let now = 0;
let closeSource: () => void = () => undefined;
let stream: FakeBulkStream;

beforeEach(() => {
  vi.useFakeTimers();
  weight = createSeries({ kind: 'linear' });
  beam = createSeries({ kind: 'step' });
  stream = createFakeBulkStream();
  now = 0;
});
afterEach(() => vi.useRealTimers());

const source = {
  series: (id: string) => ({ weight, beam })[id],
  now: () => now,
  onClose: (listener: () => void) => {
    closeSource = listener;
    return () => undefined;
  },
};

const view = (changes: Partial<ScopeView> = {}): ScopeView => ({
  channels: ['weight'],
  dt: 100,
  from: 0,
  to: null,
  ...changes,
});

/** What the page received since it was last asked, without the marks of the present. */
function received(): ScopeBlock[] {
  return stream.sent
    .splice(0)
    .flatMap(decodeScopeBlocks)
    .filter((block) => block.kind !== 'now');
}

function tick(): ScopeBlock[] {
  vi.advanceTimersByTime(sendEveryMs);
  return received();
}

/** The page's columns, as it would keep them from all blocks. */
function createPage() {
  const columns = new Map<number, Map<number, [number, number]>>();
  return {
    take(blocks: ScopeBlock[]) {
      for (const block of blocks) {
        if (block.kind !== 'columns') continue;
        const channel = block.replaces
          ? new Map<number, [number, number]>()
          : (columns.get(block.channel) ?? new Map<number, [number, number]>());
        columns.set(block.channel, channel);
        block.min.forEach((min, i) => channel.set(block.first + i, [min, block.max[i]!]));
      }
    },
    /** Columns of a channel as a query gives them. */
    query(channel: number, first: number, count: number) {
      const found = Array.from(
        { length: count },
        (_, i) => columns.get(channel)?.get(first + i) ?? [NaN, NaN],
      );
      return {
        min: Float32Array.from(found, ([min]) => min!),
        max: Float32Array.from(found, ([, max]) => max!),
      };
    },
  };
}

describe('an open view', () => {
  test('gets all columns once, and then only those that changed', () => {
    weight.append([50, 150, 250], [1, 2, 3]);
    openView(source, view(), () => stream);
    expect(stream.sent).toEqual([]);
    stream.grant(1 << 20);
    const all = {
      kind: 'columns',
      channel: 0,
      replaces: true,
      first: 0,
      min: Float32Array.of(1, 2, 3),
      max: Float32Array.of(1, 2, 3),
    };
    expect(received()).toEqual([all]);
    expect(tick()).toEqual([]);
    weight.append([260, 310, 390], [9, 4, 5]);
    expect(tick()).toEqual([
      {
        kind: 'columns',
        channel: 0,
        replaces: false,
        first: 2,
        min: Float32Array.of(3, 4),
        max: Float32Array.of(9, 5),
      },
    ]);
    weight.append([395], [4.5]);
    expect(tick()).toEqual([]);
  });

  test('is told the present, so that its axis moves', () => {
    openView(source, view(), () => stream);
    stream.grant(1000);
    stream.sent.length = 0;
    now = 777;
    vi.advanceTimersByTime(sendEveryMs);
    expect(stream.sent.flatMap(decodeScopeBlocks)).toEqual([{ kind: 'now', at: 777 }]);
  });

  test('of an empty channel clears the page and begins with its first sample', () => {
    openView(source, view({ from: 1000 }), () => stream);
    stream.grant(1 << 20);
    expect(received()).toMatchObject([{ replaces: true, min: Float32Array.of() }]);
    weight.append([2050], [1]);
    expect(tick()).toMatchObject([{ replaces: false, first: 20, min: Float32Array.of(1) }]);
  });

  test('moves: a full set of the new columns follows', () => {
    weight.append([50, 1050, 2050], [1, 2, 3]);
    const open = openView(source, view(), () => stream);
    stream.grant(1 << 20);
    received();
    open.set(view({ dt: 1000, from: 1000, to: 3000 }));
    expect(received()).toMatchObject([{ replaces: true, first: 1, min: Float32Array.of(2, 3) }]);
    weight.append([3050], [4]);
    expect(tick()).toEqual([]);
  });

  test('has at most 8 192 columns a channel in a set', () => {
    weight.append([0, 100 * 10_000], [1, 2]);
    openView(source, view(), () => stream);
    stream.grant(1 << 20);
    const [block] = received();
    expect(block).toMatchObject({ first: 10_001 - maxColumns, replaces: true });
    expect(block?.kind === 'columns' && block.min.length).toBe(maxColumns);
  });

  test('is refused for an unknown channel, before a stream is opened', () => {
    const open = () => openView(source, view({ channels: ['nothing'] }), () => expect.fail('opened'));
    expect(open).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('a step channel', () => {
  test('goes on while its device is heard, and its edge is one column', () => {
    beam.append([50], [1]);
    openView(source, view({ channels: ['beam'] }), () => stream);
    stream.grant(1 << 20);
    received();
    beam.heard(260);
    expect(tick()).toMatchObject([{ first: 1, min: Float32Array.of(1, 1) }]);
    beam.append([330], [0]);
    expect(tick()).toMatchObject([{ first: 3, min: Float32Array.of(0), max: Float32Array.of(1) }]);
  });

  test('that was drawn as held is drawn anew where a gap becomes known', () => {
    beam.append([50], [1]);
    beam.heard(450);
    openView(source, view({ channels: ['beam'] }), () => stream);
    stream.grant(1 << 20);
    received();
    beam.addGap(150, 420, 'blocks lost');
    beam.append([460], [0]);
    expect(tick()).toEqual([
      {
        kind: 'columns',
        channel: 0,
        replaces: false,
        first: 1,
        min: Float32Array.of(1, NaN, NaN, 0),
        max: Float32Array.of(1, NaN, NaN, 0),
      },
      { kind: 'gap', channel: 0, from: 150, to: 420 },
    ]);
  });
});

describe('gaps', () => {
  test('are told once, and again after a full set, where they lie in the view', () => {
    weight.append([50, 950], [1, 2]);
    weight.addGap(60, 900, 'link lost');
    const open = openView(source, view(), () => stream);
    stream.grant(1 << 20);
    expect(received().filter(({ kind }) => kind === 'gap')).toEqual([
      { kind: 'gap', channel: 0, from: 60, to: 900 },
    ]);
    expect(tick()).toEqual([]);
    open.set(view({ from: 900 }));
    expect(received().filter(({ kind }) => kind === 'gap')).toEqual([]);
    open.set(view({ from: 800 }));
    expect(received().filter(({ kind }) => kind === 'gap')).toHaveLength(1);
  });

  test('that are still open are told piece by piece', () => {
    weight.append([50], [1]);
    openView(source, view(), () => stream);
    stream.grant(1 << 20);
    received();
    weight.lostSince = 60;
    now = 1_500_000;
    expect(tick()).toEqual([{ kind: 'gap', channel: 0, from: 60, to: 1_500_000 }]);
    now = 2_000_000;
    expect(tick()).toEqual([]);
    now = 2_600_000;
    expect(tick()).toEqual([{ kind: 'gap', channel: 0, from: 1_500_000, to: 2_600_000 }]);
  });
});

describe('a slow page', () => {
  test('is sent nothing without credit, and then the newest state in one piece', () => {
    openView(source, view({ channels: ['weight', 'beam'] }), () => stream);
    for (let i = 0; i < 500; i++) {
      weight.append([i * 1000], [i]);
      beam.append([i * 1000], [i % 2]);
      vi.advanceTimersByTime(sendEveryMs);
    }
    expect(stream.sent).toEqual([]);
    const page = createPage();
    stream.grant(1 << 20);
    const blocks = received();
    expect(blocks).toHaveLength(2);
    page.take(blocks);
    expect(page.query(0, 0, 4991)).toEqual(weight.query(100, 0, 4991));
    expect(page.query(1, 0, 4991)).toEqual(beam.query(100, 0, 4991));
  });

  test('that takes little at a time ends with the same columns, no channel starved', () => {
    const page = createPage();
    openView(source, view({ channels: ['weight', 'beam'] }), () => stream);
    for (let i = 0; i < 400; i++) {
      weight.append([i * 370, i * 370 + 20], [i, -i]);
      if (i % 7 === 0) beam.append([i * 370], [i % 2]);
      beam.heard(i * 370 + 100);
      if (i === 200) beam.addGap(200 * 370 - 2000, 200 * 370, 'blocks lost');
      stream.grant(20 + ((i * 37) % 90));
      page.take(tick());
    }
    for (let i = 0; i < 300; i++) {
      stream.grant(150);
      page.take(tick());
    }
    expect(page.query(0, 0, 1478)).toEqual(weight.query(100, 0, 1478));
    expect(page.query(1, 0, 1478)).toEqual(beam.query(100, 0, 1478));
  });

  test('that fell behind by more than a set gets a full set anew', () => {
    weight.append([50], [1]);
    openView(source, view(), () => stream);
    stream.grant(100);
    received();
    weight.append([150, 100 * 20_000], [1, 2]);
    stream.grant(1 << 20);
    expect(tick()).toMatchObject([{ replaces: true, first: 20_001 - maxColumns }]);
  });

  test('gets all of it anew, with the gaps, when the past becomes known', () => {
    weight.append([500, 600], [1, 2]);
    openView(source, view({ from: 0, to: 1000 }), () => stream);
    stream.grant(1 << 20);
    expect(received()).toMatchObject([{ replaces: true, first: 5 }]);
    const chunk = new Chunk(true);
    chunk.append(100, 3);
    chunk.append(250, 4);
    const summary = summaryOf(chunk);
    const page = (n: number) => {
      const written = createSamplesPage();
      writePage(chunk, summary, n, written);
      return written;
    };
    const gaps = [{ from: 251, to: 400, reason: 'the host was not running' }];
    weight.setHistory({ chunks: [{ ...summary, page }], gaps, heardUntil: 250 });
    expect(tick()).toMatchObject([
      { replaces: true, first: 1, min: Float32Array.of(3, 4, NaN, NaN, 1, 2) },
      { kind: 'gap', from: 251, to: 400 },
    ]);
    expect(tick()).toEqual([]);
  });

  test('gets more than one frame where one does not hold all', () => {
    const channels = Array.from({ length: 32 }, () => 'weight');
    weight.append(
      Float64Array.from({ length: 8192 }, (_, i) => i * 100),
      Float64Array.from({ length: 8192 }, (_, i) => i),
    );
    openView(source, view({ channels }), () => stream);
    stream.grant(1 << 23);
    expect(stream.sent.length).toBeGreaterThanOrEqual(3);
    const page = createPage();
    page.take(received());
    for (let c = 0; c < 32; c++) expect(page.query(c, 0, 8192)).toEqual(weight.query(100, 0, 8192));
  });
});

describe('the end', () => {
  test('of the page’s side, of the link or of the capture stops the view', () => {
    for (const end of [() => stream.endByPage(), () => stream.loseLink(), () => closeSource()]) {
      stream = createFakeBulkStream();
      const closed = vi.fn();
      openView(source, view(), () => stream).onClose(closed);
      stream.grant(1 << 20);
      received();
      end();
      expect(closed).toHaveBeenCalledTimes(1);
      expect(stream.isOpen).toBe(false);
      weight.append([(weight.lastTime || 0) + 1], [1]);
      expect(tick()).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
    }
  });
});
