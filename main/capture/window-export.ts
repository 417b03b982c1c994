/** A window of some channels as a small capture of its own, for evidence. */
import type { McapTypes } from '@mcap/core';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { Gap, Samples, Series, SeriesSnapshot } from '../../common/signal/series.ts';
import { replayCapture } from './capture-replay.ts';
import { createChunkAssembler } from './chunk-assembler.ts';
import { createMcapLayout, type Piece } from './mcap-layout.ts';
import { metadataName, samplesChannel, samplesSchema } from './sample-layout.ts';

/** A channel as it was when the window was asked for: its series goes on while we write. */
export interface WindowChannel {
  info: ChannelInfo;
  series: SeriesSnapshot;
  /** Those of the window. */
  gaps: Gap[];
  /** A step channel's level at the start of the window; null where none is known. */
  before: { t: number; v: number } | null;
}

export function windowOf(
  { info, series }: { info: ChannelInfo; series: Series },
  from: number,
  to: number,
): WindowChannel {
  return {
    info,
    series: series.snapshot(),
    gaps: series.gaps(from, to),
    before: info.kind === 'step' ? levelAt(series, from) : null,
  };
}

/** The sample whose value a step channel has just before `at`; null where a gap since then leaves that open. */
function levelAt(series: Series, at: number): { t: number; v: number } | null {
  const index = series.indexAt(at) - 1;
  const { t, v } = series.slice(index, index + 1);
  if (t.length === 0 || Number.isNaN(t[0])) return null;
  const isBroken = series.gapLog.some((gap) => gap.to > gap.from && gap.from >= t[0]! && gap.from <= at);
  return isBroken ? null : { t: t[0]!, v: v[0]! };
}

/** Spans of channels that no series has, to be read from a capture itself. */
export interface WindowFile {
  path: string;
  /** How much of it is looked at; all of it. */
  length?: number;
  /** By channel, [from, to) in microseconds since 1970. */
  spans: ReadonlyMap<string, readonly Span[]>;
}

export interface Span {
  from: number;
  to: number;
}

export interface WindowExport {
  channels: WindowChannel[];
  /** [from, to) in microseconds since 1970. */
  from: number;
  to: number;
  /** Flushed after the channels were taken. */
  files: WindowFile[];
}

const chunkBytes = 48 * 1024;
const sliceSamples = 4096;
const schema: McapTypes.Schema = { ...samplesSchema, id: 1 };

/** The bytes of the file, piece by piece: it may be longer than memory. Every sample of the window is in it, exactly. */
export async function* exportWindow(request: WindowExport): AsyncGenerator<Uint8Array, void, undefined> {
  const layout = createMcapLayout();
  const assembler = createChunkAssembler([schema]);
  const channels = request.channels.map(({ info }, i) => samplesChannel(i + 1, info));
  for (const channel of channels) assembler.addChannel(channel);
  const add = (piece: Piece) => {
    piece.commit();
    return piece.bytes;
  };
  const seal = () => {
    const chunk = assembler.seal();
    return chunk ? [add(layout.chunk(chunk.content))] : [];
  };
  yield add(layout.opening());
  yield add(layout.definitions([schema], channels));
  yield add(layout.metadata(metadataName.window, describe(request)));
  for (const values of gapsOf(request)) yield add(layout.metadata(metadataName.gap, values));
  for await (const { topic, samples } of samplesOf(request)) {
    assembler.samples(topic, samples.t, samples.v, undefined);
    if (assembler.byteLength >= chunkBytes) yield* seal();
  }
  yield* seal();
  yield layout.closing();
}

interface TopicSamples {
  topic: string;
  samples: Samples;
}

/** Each channel's samples in order of time: of what no series has the files are asked, between what the series have. */
async function* samplesOf({ channels, files, from, to }: WindowExport): AsyncGenerator<TopicSamples> {
  const rest = new Map(channels.map((channel) => [channel.info.id, createRest(channel, from)]));
  for (const file of files) {
    if (!isTouched(file, from, to)) continue;
    for await (const found of samplesOfFile(file, from, to)) {
      yield* rest.get(found.topic)!.until(found.samples.t[0]!);
      yield found;
    }
  }
  for (const channel of rest.values()) yield* channel.until(to);
}

/** What a series has and was not yet written. */
function createRest({ info, series }: WindowChannel, from: number) {
  let next = series.indexAt(from);
  return {
    *until(time: number): Generator<TopicSamples> {
      const end = series.indexAt(time);
      for (; next < end; next = Math.min(end, next + sliceSamples)) {
        const samples = series.slice(next, Math.min(end, next + sliceSamples));
        if (samples.t.some(Number.isNaN)) throw unreadable(info);
        yield { topic: info.id, samples };
      }
    },
  };
}

const isTouched = ({ spans }: WindowFile, from: number, to: number): boolean =>
  [...spans.values()].some((list) => list.some((span) => span.from < to && span.to > from));

async function* samplesOfFile(file: WindowFile, from: number, to: number): AsyncGenerator<TopicSamples> {
  const { path, length, spans } = file;
  for await (const item of replayCapture(path, { from, ...(length !== undefined && { length }) })) {
    if (item.kind !== 'samples') continue;
    for (const span of spans.get(item.channel.id) ?? []) {
      const samples = within(item.samples, Math.max(from, span.from), Math.min(to, span.to));
      if (samples.t.length > 0) yield { topic: item.channel.id, samples };
    }
  }
}

function within({ t, v }: Samples, from: number, to: number): Samples {
  const isInside = Array.from(t, (time) => time >= from && time < to);
  return { t: t.filter((_, i) => isInside[i]), v: v.filter((_, i) => isInside[i]) };
}

function unreadable({ id }: ChannelInfo): WarroomError {
  return new WarroomError(
    'damaged',
    `Part of what was captured of ${id} can't be read from its .pyr file.`,
    'It is made again from the capture: keep the window again in a moment.',
  );
}

function describe({ channels, from, to }: WindowExport): Record<string, string> {
  const values: Record<string, string> = { from: `${from}`, to: `${to}` };
  for (const { info, before } of channels) if (before) values[`before:${info.id}`] = JSON.stringify(before);
  return values;
}

function gapsOf({ channels }: WindowExport): Record<string, string>[] {
  return channels.flatMap(({ info, gaps }) =>
    gaps.map((gap) => ({
      channels: JSON.stringify([info.id]),
      from: `${gap.from}`,
      to: `${gap.to}`,
      reason: gap.reason,
    })),
  );
}
