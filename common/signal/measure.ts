/** What can be measured of a window of one channel. */
import type { Measurement } from '../contract/signals.ts';
import type { ChannelInfo } from '../incident/entries.ts';
import { measureEdges, type Stretch } from './measure-edges.ts';
import { mainsLine } from './measure-mains.ts';
import { lineOf, meanOf, noiseOf, sigmaOf, sumOf } from './measure-statistics.ts';

export interface MeasureInput {
  kind: ChannelInfo['kind'];
  unit: string;
  /** [from, to), microseconds since 1970. */
  from: number;
  to: number;
  /** Samples of it. Those that are not finite are left out. */
  t: Float64Array;
  v: Float64Array;
  /** Of a step channel: the value in force at `from`, and until when it is known to hold the last one. */
  before: number | null;
  heardUntil: number;
  gaps: readonly { from: number; to: number }[];
  /** These two of a linear channel; without a level no edges are told. Of a step channel it is 0.5. */
  level?: number | undefined;
  hysteresis?: number | undefined;
  bounceWithin?: number | undefined;
  /** Of the cell, where it is known. */
  countsPerGram?: number | null | undefined;
}

export type Measured = Omit<Measurement, 'channel'>;

const stepLevel = 0.5;
const defaultBounceWithin = 5_000;

export function measure(given: MeasureInput): Measured {
  const input = onlyNumbers(given);
  const { kind, unit, from, to, t, v } = input;
  const gaps = gapsOf(input);
  const joins = joinsOf(input, gaps);
  const values = kind === 'step' ? ofHolds(input, gaps) : ofSamples(v);
  return {
    unit,
    kind,
    from,
    to,
    count: v.length,
    rate: kind === 'step' ? eventRate(input, gaps) : sampleRate(t, joins),
    first: v[0] ?? null,
    last: v.at(-1) ?? null,
    ...values,
    ...(kind === 'step' ? noSpectrum : ofSequence(input, joins)),
    edges: edgesOf(input, gaps),
    gaps: { count: gaps.length, micros: sumOf(gaps.length, (i) => gaps[i]!.to - gaps[i]!.from) },
  };
}

interface Span {
  from: number;
  to: number;
}

function onlyNumbers(input: MeasureInput): MeasureInput {
  if (input.v.every(Number.isFinite)) return input;
  const isNumber = (_: number, i: number) => Number.isFinite(input.v[i]);
  return { ...input, t: input.t.filter(isNumber), v: input.v.filter(isNumber) };
}

/** Gaps as far as they lie in the window, joined where they overlap. */
function gapsOf({ gaps, from, to }: MeasureInput): Span[] {
  const inside = gaps
    .map((gap) => ({ from: Math.max(from, gap.from), to: Math.min(to, gap.to) }))
    .filter((gap) => gap.to > gap.from)
    .sort((a, b) => a.from - b.from);
  const joined: Span[] = [];
  for (const gap of inside) {
    const last = joined.at(-1);
    if (last && gap.from <= last.to) last.to = Math.max(last.to, gap.to);
    else joined.push({ ...gap });
  }
  return joined;
}

/** Whether sample i follows the one before it, with no gap between. */
function joinsOf({ t }: MeasureInput, gaps: Span[]): boolean[] {
  let next = 0;
  return Array.from(t, (time, i) => {
    const before = i === 0 ? -Infinity : t[i - 1]!;
    let isJoined = i > 0;
    while (next < gaps.length && gaps[next]!.from < time) {
      if (gaps[next]!.to > before) isJoined = false;
      next++;
    }
    return isJoined;
  });
}

/** Samples a second where they follow each other. */
function sampleRate(t: Float64Array, joins: boolean[]): number | null {
  let [count, micros] = [0, 0];
  for (let i = 1; i < t.length; i++)
    if (joins[i]) {
      count++;
      micros += t[i]! - t[i - 1]!;
    }
  return micros > 0 ? (count * 1e6) / micros : null;
}

function eventRate({ t, from, to, heardUntil }: MeasureInput, gaps: Span[]): number | null {
  const known = Math.min(to, heardUntil) - from - sumOf(gaps.length, (i) => gaps[i]!.to - gaps[i]!.from);
  return known > 0 ? (t.length * 1e6) / known : null;
}

const noValues = { min: null, max: null, peakToPeak: null, mean: null, rms: null, sigma: null };

function ofSamples(v: Float64Array) {
  if (v.length === 0) return noValues;
  const mean = meanOf(v);
  const rms = Math.sqrt(sumOf(v.length, (i) => v[i]! ** 2) / v.length);
  return { ...extent(v), mean, rms, sigma: v.length > 1 ? sigmaOf(v, mean) : null };
}

function extent(v: ArrayLike<number>) {
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < v.length; i++) {
    if (v[i]! < min) min = v[i]!;
    if (v[i]! > max) max = v[i]!;
  }
  return { min, max, peakToPeak: max - min };
}

/** By how long each value was held. */
function ofHolds(input: MeasureInput, gaps: Span[]) {
  const holds = holdsOf(input, gaps);
  if (holds.length === 0) return noValues;
  const micros = (i: number) => holds[i]!.to - holds[i]!.from;
  const value = (i: number) => holds[i]!.value;
  const known = sumOf(holds.length, micros);
  const all = extent(holds.map((hold) => hold.value));
  if (known === 0) return { ...noValues, ...all };
  const average = (of: (i: number) => number) => sumOf(holds.length, (i) => of(i) * micros(i)) / known;
  const mean = average(value);
  return {
    ...all,
    mean,
    rms: Math.sqrt(average((i) => value(i) ** 2)),
    sigma: Math.sqrt(average((i) => (value(i) - mean) ** 2)),
  };
}

/** Values of a step channel with the time that each was in force: until the next, a gap, or when it was last heard. */
function holdsOf({ t, v, from, to, before, heardUntil }: MeasureInput, gaps: Span[]) {
  const starts = before === null ? [] : [{ at: from, value: before }];
  t.forEach((at, i) => starts.push({ at, value: v[i]! }));
  let next = 0;
  return starts.map(({ at, value }, i) => {
    while (next < gaps.length && gaps[next]!.from < at) next++;
    const end = Math.min(starts[i + 1]?.at ?? Math.min(to, heardUntil), gaps[next]?.from ?? Infinity);
    return { from: at, to: Math.max(at, end), value };
  });
}

const noSpectrum = { noise: null, drift: null, mains: null };
const micros = 1e-6;

function ofSequence(input: MeasureInput, joins: boolean[]) {
  const { t, v, from } = input;
  const rate = sampleRate(t, joins);
  const minutes = t.map((time) => ((time - from) * micros) / 60);
  const { slope, slopeError } = v.length > 2 ? lineOf(minutes, v) : { slope: NaN, slopeError: NaN };
  return {
    noise: noiseIn(input, noiseOf(v, joins)),
    drift: Number.isFinite(slope) ? { perMinute: slope, error: slopeError } : null,
    mains: rate === null ? null : mainsOf(longestRun(v, joins), rate),
  };
}

function noiseIn({ unit, countsPerGram }: MeasureInput, sigma: number): Measurement['noise'] {
  if (Number.isNaN(sigma)) return null;
  const scale = countsPerGram ? Math.abs(countsPerGram) : null;
  if (unit === 'g') return { sigma, grams: sigma, counts: scale && sigma * scale };
  if (unit === 'counts') return { sigma, counts: sigma, grams: scale && sigma / scale };
  return { sigma, counts: null, grams: null };
}

/** A spectrum needs samples that follow each other. */
function longestRun(v: Float64Array, joins: boolean[]): Float64Array {
  let best: [number, number] = [0, 0];
  for (let i = 0, start = 0; i < v.length; i++) {
    if (!joins[i]) start = i;
    if (i + 1 - start > best[1] - best[0]) best = [start, i + 1];
  }
  return v.subarray(...best);
}

function mainsOf(v: Float64Array, rate: number): Measurement['mains'] {
  const [fifty, sixty] = [mainsLine(v, rate, 50), mainsLine(v, rate, 60)];
  return fifty || sixty ? { fifty, sixty } : null;
}

function edgesOf(input: MeasureInput, gaps: Span[]): Measurement['edges'] {
  const { kind, bounceWithin = defaultBounceWithin, to, heardUntil } = input;
  const { level, hysteresis } = kind === 'step' ? { level: stepLevel, hysteresis: 0 } : input;
  if (level === undefined) return null;
  const last = input.t.at(-1) ?? -Infinity;
  const until = Math.min(to, heardUntil, gaps.find((gap) => gap.from >= last)?.from ?? Infinity);
  return measureEdges(stretchesOf(input, gaps), { kind, level, hysteresis, bounceWithin, until });
}

function* stretchesOf({ kind, t, v, from, before }: MeasureInput, gaps: Span[]): Generator<Stretch> {
  if (kind === 'step' && before !== null) yield { t: from, v: before };
  let next = 0;
  for (let i = 0; i < t.length; i++) {
    while (next < gaps.length && gaps[next]!.from < t[i]!) yield { gapFrom: gaps[next++]!.from };
    yield { t: t[i]!, v: v[i]! };
  }
}
