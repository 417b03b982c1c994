import { concat } from '../../common/lib/bytes.ts';
import { dialectNames } from '../../common/wire/index.ts';
import { createReader } from '../../native/device-host/reader.ts';
import { deviceLines } from '../fakes/device-lines.ts';
import { seeded } from '../fakes/seeded.ts';
import type { Bar, Figure } from './types.ts';

export const name = 'parse';
export const bars: Record<string, Bar> = { lines_per_s: { min: 1_000_000 }, peer_ratio: { min: 1 } };

const sourceLines = 20_000;
const garbageShare = 0.01;
const runs = 5;
const runMs = 400;
/** Of these the slowest must reach the bar: they are one or two values a line. */
const isBarred = (dialect: string) => /^(hx711|beam)-/.test(dialect);

/**
 * Bytes of a device with one line in a hundred of noise → the whole reader (splitter, parser, stamps, columns, rejects), in
 * chunks of 4 to 64 KiB. `lines_per_s`: the slowest of the hx711 and beam dialects, each the best of five runs (what else
 * the machine does only ever adds).
 * `peer_ratio`: bytes a second against `split('\n')` and `Number()` on the same CSV chunks.
 */
export async function run(): Promise<Figure[]> {
  const figures: Figure[] = [];
  let slowest = Infinity;
  for (const dialect of dialectNames) {
    const input = inputOf(dialect);
    const seconds = fastest(() => readAll(dialect, input));
    const perSecond = input.lines / seconds;
    if (isBarred(dialect)) slowest = Math.min(slowest, perSecond);
    figures.push({ metric: `lines_per_s_${dialect}`, value: Math.round(perSecond), unit: 'lines/s' });
    if (dialect === 'hx711-csv') figures.push(...againstPeer(input, seconds));
  }
  return [{ metric: 'lines_per_s', value: Math.round(slowest), unit: 'lines/s' }, ...figures];
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

/** Seconds that one pass over the input takes, when it is read over and over as one device. */
function readAll(dialect: string, { chunks, bytes }: Input): number {
  let now = 1_795_000_000_000_000;
  const reader = createReader({ id: 'bench', dialect }, {}, now);
  let taken = 0;
  const seconds = timed(() => {
    for (const chunk of chunks) {
      reader.read(chunk, (now += 20_000));
      for (const block of reader.takeBlocks()) taken += block.v.length;
      reader.takeRejected(now);
    }
  });
  if (taken === 0 || reader.rejectedBytes > bytes * seconds.passes * 0.1)
    throw new Error(`${dialect} was not read: ${taken} samples.`);
  return seconds.each;
}

function againstPeer({ chunks, bytes }: Input, ours: number): Figure[] {
  const theirs = fastest(() => splitAll(chunks));
  return [
    { metric: 'mb_per_s', value: round(bytes / ours / 1e6), unit: 'MB/s' },
    { metric: 'peer_mb_per_s', value: round(bytes / theirs / 1e6), unit: 'MB/s' },
    { metric: 'peer_ratio', value: round(theirs / ours), unit: '×' },
  ];
}

/** The plain way: text, lines, fields, numbers. No times, no bounds, no counts, and arrays that grow by push. */
function splitAll(chunks: Uint8Array[]): number {
  const decoder = new TextDecoder();
  let rest = '';
  let taken = 0;
  const seconds = timed(() => {
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
  return seconds.each;
}

/** Runs `pass` for a while; the first pass warms up. */
function timed(pass: () => void): { each: number; passes: number } {
  pass();
  const started = performance.now();
  let passes = 0;
  while (performance.now() - started < runMs) {
    pass();
    passes++;
  }
  return { each: (performance.now() - started) / passes / 1000, passes: passes + 1 };
}

function fastest(measure: () => number): number {
  return Math.min(...Array.from({ length: runs }, measure));
}

const round = (value: number) => Math.round(value * 100) / 100;
