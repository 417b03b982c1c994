import { concat } from '../../common/lib/bytes.ts';
import { dialectNames } from '../../common/wire/index.ts';
import { createReader } from '../../native/device-host/reader.ts';
import { deviceLines } from '../fakes/device-lines.ts';
import { seeded } from '../fakes/seeded.ts';
import type { Bar, Figure } from './types.ts';

export const name = 'parse';
export const bars: Record<string, Bar> = { lines_per_s: { min: 1_000_000 }, peer_ratio: { min: 1 } };

const sourceLines = 10_000;
const garbageShare = 0.01;
/** 30 000 lines a run: short enough to fall between what else the machine does, long enough to hold their garbage. */
const passesPerRun = 3;
const [fewestRuns, mostRuns, mostMs] = [5, 60, 2_000];
/**
 * Of these the slowest must reach the bar: all that firmware prints as text, one to three values a line. tegrastats is a
 * report of fourteen values that comes once a second, `frames` is binary, sixteen samples each.
 */
const isBarred = (dialect: string) => dialect !== 'tegrastats' && dialect !== 'frames';

/**
 * Bytes of a device with one line in a hundred of noise → the whole reader (splitter, parser, stamps, columns, rejects), in
 * chunks of 4 to 64 KiB, one dialect after the other in one process, as the device-host is one. `lines_per_s`: the slowest
 * dialect's (see `isBarred`) best run, since what else the machine does only ever adds; `typical_lines_per_s`:
 * the slowest of their medians. `peer_ratio`: bytes a second against `split('\n')` and `Number()` on the same CSV chunks.
 */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  let [slowest, typical] = [Infinity, Infinity];
  for (const dialect of dialectNames) {
    const input = inputOf(dialect);
    const times = readAll(dialect, input);
    const perSecond = input.lines / times.best;
    if (isBarred(dialect)) {
      slowest = Math.min(slowest, perSecond);
      typical = Math.min(typical, input.lines / times.median);
    }
    figures.push({ metric: `lines_per_s_${dialect}`, value: Math.round(perSecond), unit: 'lines/s' });
    if (dialect === 'hx711-csv') figures.push(...againstPeer(input, times.best));
  }
  return [
    { metric: 'lines_per_s', value: Math.round(slowest), unit: 'lines/s' },
    { metric: 'typical_lines_per_s', value: Math.round(typical), unit: 'lines/s' },
    ...figures,
  ];
}

interface Input {
  chunks: Uint8Array[];
  bytes: number;
  lines: number;
}

function inputOf(dialect: string): Input {
  const next = deviceLines(dialect, {}, 1);
  const random = seeded(2);
  const isNoise = () => random() < garbageShare;
  const noise = () => Uint8Array.from({ length: 20 }, (_, i) => (i === 19 ? 10 : 33 + random() * 90));
  const bytes = concatAll(Array.from({ length: sourceLines }, () => (isNoise() ? noise() : next())));
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const stop = at + 4_096 + Math.floor(random() * 61_440);
    chunks.push(bytes.subarray(at, stop));
    at = stop;
  }
  return { chunks, bytes: bytes.length, lines: sourceLines };
}

/** `concat` takes its parts as arguments: not so many at once. */
function concatAll(parts: Uint8Array[]): Uint8Array {
  const some: Uint8Array[] = [];
  for (let at = 0; at < parts.length; at += 1_000) some.push(concat(...parts.slice(at, at + 1_000)));
  return concat(...some);
}

/** One pass over the input takes so long, when it is read over and over as one device. */
function readAll(dialect: string, { chunks, bytes }: Input): Times {
  let now = 1_795_000_000_000_000;
  const reader = createReader({ id: 'bench', dialect }, {}, now);
  let taken = 0;
  const times = timed(() => {
    for (const chunk of chunks) {
      reader.read(chunk, (now += 20_000));
      for (const block of reader.takeBlocks()) taken += block.v.length;
      reader.takeRejected(now);
    }
  });
  if (taken === 0 || reader.rejectedBytes > bytes * times.passes * 0.1)
    throw new Error(`${dialect} was not read: ${taken} samples.`);
  return times;
}

function againstPeer({ chunks, bytes }: Input, ours: number): Figure[] {
  const theirs = splitAll(chunks).best;
  return [
    { metric: 'mb_per_s', value: round(bytes / ours / 1e6), unit: 'MB/s' },
    { metric: 'peer_mb_per_s', value: round(bytes / theirs / 1e6), unit: 'MB/s' },
    { metric: 'peer_ratio', value: round(theirs / ours), unit: '×' },
  ];
}

/** The plain way: text, lines, fields, numbers. No times, no bounds, no counts, and arrays that grow by push. */
function splitAll(chunks: Uint8Array[]): Times {
  const decoder = new TextDecoder();
  let rest = '';
  let taken = 0;
  const times = timed(() => {
    for (const chunk of chunks) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      const raws: number[] = [];
      const weights: number[] = [];
      for (const line of lines) {
        const [raw, weight] = line.split(',').map(Number);
        if (Number.isNaN(raw) || Number.isNaN(weight)) continue;
        raws.push(raw!);
        weights.push(weight!);
      }
      taken += raws.length + weights.length;
    }
  });
  if (taken === 0) throw new Error('The peer read nothing.');
  return times;
}

/** Seconds of one pass: the best run's and the median. */
interface Times {
  best: number;
  median: number;
  passes: number;
}

/** The first pass warms up. */
function timed(pass: () => void): Times {
  pass();
  const times: number[] = [];
  const until = performance.now() + mostMs;
  while (times.length < fewestRuns || (times.length < mostRuns && performance.now() < until)) {
    const started = performance.now();
    for (let i = 0; i < passesPerRun; i++) pass();
    times.push((performance.now() - started) / passesPerRun / 1000);
  }
  times.sort((a, b) => a - b);
  const median = times[Math.floor(times.length / 2)]!;
  return { best: times[0]!, median, passes: 1 + times.length * passesPerRun };
}

const round = (value: number) => Math.round(value * 100) / 100;
