import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeries, type Series } from '../../common/signal/series.ts';
import { createPageCaches } from '../../main/capture/page-cache.ts';
import { createPyramidWriter } from '../../main/capture/pyramid-writer.ts';
import { createCapture } from '../../main/capture/index.ts';
import { interval, rate, samplesOf, start } from './parts/line-signal.ts';
import type { Bar, Figure } from './types.ts';

export const name = 'frames';
export const bars: Record<string, Bar> = {
  query_p95_ms: { max: 2 },
  query_disk_p95_ms: { max: 2 },
  day_open_ms: { max: 1000 },
  // A full view of a day reads the nodes of its 840 chunks and what of the samples could count: 24 times an hour's
  // length must not be 24 times its memory.
  day_rss_mb: { max: 64 },
  day_minus_hour_rss_mb: { max: 32 },
  // Having been everywhere in it: the cache of pages is full (64 MiB), the rest is their views and garbage.
  day_moved_rss_mb: { max: 128 },
};

const points = 10_000_000;
const columns = 1920;
const channels = 8;
const hour = 3600 * rate;
const day = 24 * hour;

/**
 * A scope's query: 10 million points to 1 920 columns, at random places and zooms, from memory and from disk. Then a
 * day of 8 channels: how long until it is drawn after its folder is opened, and how the memory grows with its length.
 */
export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'warroom-frames-'));
  try {
    const memory = createSeries({ kind: 'linear' });
    await fill(memory);
    const inMemory = percentile95(measureQueries(memory));
    const onDisk = await measureOnDisk(folder);
    const hourly = await openHistory(folder, 'hour', hour);
    const daily = await openHistory(folder, 'day', day);
    return [
      { metric: 'query_p95_ms', value: inMemory, unit: 'ms' },
      { metric: 'query_disk_p95_ms', value: onDisk.again, unit: 'ms' },
      { metric: 'query_disk_first_p95_ms', value: onDisk.first, unit: 'ms' },
      { metric: 'day_open_ms', value: daily.openMs, unit: 'ms' },
      { metric: 'day_rss_mb', value: daily.openMb, unit: 'MB' },
      { metric: 'day_minus_hour_rss_mb', value: daily.openMb - hourly.openMb, unit: 'MB' },
      { metric: 'day_moved_rss_mb', value: daily.movedMb, unit: 'MB' },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `written` resolves when the disk has what was appended. */
async function fill(series: Series, written: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  for (let from = 0; from < points; from += 65_536) {
    const { t, v } = samplesOf(0, from, Math.min(65_536, points - from));
    series.append(t, v);
    await written();
  }
}

/** The first time over, pages are also checked against their sums: once a process. */
async function measureOnDisk(folder: string): Promise<{ first: number; again: number }> {
  const channel = { id: 'cell/raw', name: 'Raw', unit: 'counts', kind: 'linear' } as const;
  const path = join(folder, 'points.pyr');
  const writer = createPyramidWriter({ path, capture: 'points.mcap', caches: createPageCaches() });
  const series = createSeries({ kind: 'linear', store: { put: (chunk) => writer.put(channel, chunk) } });
  await fill(series, () => writer.flush());
  if (series.givenUp.length > 0) throw new Error('the disk did not keep up');
  const times = { first: percentile95(measureQueries(series)), again: percentile95(measureQueries(series)) };
  await writer.close([], null);
  return times;
}

/** Milliseconds of each query, at random places and zooms from a second to all of it. */
function measureQueries(series: Series): number[] {
  const span = points * interval;
  const times: number[] = [];
  for (let i = 0; i < 1000; i++) {
    const width = span * 10 ** (Math.random() * Math.log10(1e6 / span));
    const from = start + Math.random() * (span - width);
    const dt = Math.max(10, Math.ceil(width / columns));
    const began = performance.now();
    series.query(dt, Math.floor(from / dt), columns);
    times.push(performance.now() - began);
  }
  return times;
}

interface Opened {
  openMs: number;
  openMb: number;
  movedMb: number;
}

async function openHistory(folder: string, captureId: string, samples: number): Promise<Opened> {
  const file = await record(folder, captureId, samples);
  const program = join(import.meta.dirname, 'parts', 'open-history.ts');
  const child = fork(program, [folder, file, `${channels}`, `${samples}`], { execArgv: ['--expose-gc'] });
  const ended = once(child, 'exit');
  const told = once(child, 'message');
  const first = await Promise.race([told, ended]);
  const [message] = first as [Opened | number];
  if (typeof message !== 'object') throw new Error(`opening ${captureId} ended with ${message}`);
  await ended;
  return message;
}

/** Records through the capture itself: its MCAP file, and the pyramid beside it. */
async function record(folder: string, captureId: string, samples: number): Promise<string> {
  const clock = { boot: 'bench', mono: () => 0, now: () => start };
  const fail = (problem: unknown) => {
    if (problem) throw problem as Error;
  };
  const capture = createCapture({ platform: { clock }, onProblem: fail, onPyramidProblem: fail });
  const { file } = await capture.start({ folder, captureId });
  const infos = Array.from({ length: channels }, (_, i) => ({
    id: `cell${i}/raw`,
    name: 'Raw',
    unit: 'counts',
    kind: 'linear' as const,
  }));
  capture.addDevice('cells', infos);
  const step = 32_768;
  for (let from = 0; from < samples; from += step) {
    for (const [i, { id }] of infos.entries())
      capture.push([
        { channel: id, seq: from / step, ...samplesOf(i, from, Math.min(step, samples - from)) },
      ]);
    await capture.flush();
  }
  if (infos.some(({ id }) => capture.series(id)!.givenUp.length > 0))
    throw new Error('the disk did not keep up');
  await capture.close();
  return file;
}

function percentile95(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;
}
