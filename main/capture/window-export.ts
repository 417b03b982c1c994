/** A window of some channels as a small capture of its own, for evidence. */
import { open } from 'node:fs/promises';
import type { McapTypes } from '@mcap/core';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { Gap, Samples, SeriesSnapshot } from '../../common/signal/series.ts';
import { createChunkAssembler } from './chunk-assembler.ts';
import { createMcapLayout, type Piece } from './mcap-layout.ts';
import { messagesIn, scanMcap, windowed } from './mcap-scan.ts';
import { decodeSamples, metadataName, samplesChannel, samplesSchema } from './sample-layout.ts';

/** A channel as it was when the window was asked for: its series goes on, and lets go, while we write. */
export interface WindowChannel {
  info: ChannelInfo;
  series: SeriesSnapshot;
  /** Those of the window. */
  gaps: Gap[];
}

export interface WindowExport {
  channels: WindowChannel[];
  /** [from, to) in microseconds since 1970. */
  from: number;
  to: number;
  /** The capture's part flushed after the channels were taken, for what was no longer in memory then. */
  file: { path: string; length: number };
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

async function* samplesOf(request: WindowExport): AsyncGenerator<TopicSamples> {
  const { channels, from, to } = request;
  const older = channels.filter(({ series }) => series.oldest > 0 && from < series.firstTime);
  if (older.length > 0) yield* samplesOnDisk(request, older);
  for (const { info, series } of channels) {
    const end = series.indexAt(to);
    for (let i = series.indexAt(from); i < end; i += sliceSamples)
      yield { topic: info.id, samples: series.slice(i, Math.min(end, i + sliceSamples)) };
  }
}

/** Samples of the window that memory had let go. */
async function* samplesOnDisk(
  { from, to, file }: WindowExport,
  older: WindowChannel[],
): AsyncGenerator<TopicSamples> {
  const ends = new Map(older.map(({ info, series }) => [info.id, Math.min(to, series.firstTime)]));
  const topics = new Map<number, string>();
  const handle = await open(file.path, 'r');
  try {
    for await (const item of scanMcap(windowed(handle, file.length))) {
      if (item.kind !== 'chunk' && item.kind !== 'definitions') continue;
      for (const channel of item.definitions.channels) topics.set(channel.id, channel.topic);
      if (item.kind !== 'chunk' || Number(item.content.endTime / 1000n) < from) continue;
      for (const { channelId, data } of messagesIn(item.content.records)) {
        const topic = topics.get(channelId);
        const end = topic === undefined ? undefined : ends.get(topic);
        if (topic !== undefined && end !== undefined)
          yield { topic, samples: within(decodeSamples(data), from, end) };
      }
    }
  } finally {
    await handle.close();
  }
}

function within({ t, v }: Samples, from: number, to: number): Samples {
  const start = t.findIndex((time) => time >= from);
  if (start < 0) return { t: t.subarray(0, 0), v: v.subarray(0, 0) };
  const end = t.findIndex((time) => time >= to);
  return { t: t.subarray(start, end < 0 ? t.length : end), v: v.subarray(start, end < 0 ? v.length : end) };
}

function describe({ channels, from, to }: WindowExport): Record<string, string> {
  const values: Record<string, string> = { from: `${from}`, to: `${to}` };
  for (const { info, series } of channels) {
    const before = series.indexAt(from) - 1;
    const { t, v } = series.slice(before, before + 1);
    // A step channel's level at the start of the window comes from before it.
    if (info.kind === 'step' && t.length === 1)
      values[`before:${info.id}`] = JSON.stringify({ t: t[0], v: v[0] });
  }
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
