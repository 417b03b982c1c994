/** Gives what a capture holds as its series held it: samples in order of time, and what is missing. */
import { open } from 'node:fs/promises';
import type { McapTypes } from '@mcap/core';
import { z } from 'zod';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { Samples } from '../../common/signal/series.ts';
import { messagesIn, scanMcap, windowed, type Definitions } from './mcap-scan.ts';
import type { HistoryGap } from './pyramid-layout.ts';
import { lostRunsIn } from './recovery.ts';
import { decodeSamples, metadataName, samplesSchema } from './sample-layout.ts';

export type Replayed =
  | { kind: 'samples'; channel: ChannelInfo; samples: Samples }
  /** `isLoss`: the file lacks samples that were in memory when it was written. */
  | { kind: 'gap'; gap: HistoryGap; isLoss: boolean };

export interface ReplayOptions {
  /** How much of the file is looked at; all of it. */
  length?: number;
  /** Samples of chunks that end before are left out, microseconds since 1970. */
  from?: number;
}

/** Reads the file from its start. */
export async function* replayCapture(
  path: string,
  { length, from = -Infinity }: ReplayOptions = {},
): AsyncGenerator<Replayed, void, undefined> {
  const handle = await open(path, 'r');
  try {
    const size = length ?? (await handle.stat()).size;
    const names = createNames();
    for await (const item of scanMcap(windowed(handle, size))) {
      if (item.kind === 'metadata') yield* gapsIn(item.metadata, names.channels());
      else if (item.kind === 'chunk' || item.kind === 'definitions') names.add(item.definitions);
      if (item.kind !== 'chunk' || Number(item.content.endTime / 1000n) < from) continue;
      for (const { channelId, data } of messagesIn(item.content.records)) {
        const channel = names.samplesOf(channelId);
        if (channel) yield { kind: 'samples', channel, samples: decodeSamples(data) };
      }
    }
  } finally {
    await handle.close();
  }
}

/** The channels of samples by their number in the file. */
function createNames() {
  const schemas = new Map<number, string>();
  const channels = new Map<number, ChannelInfo>();
  return {
    add({ schemas: added, channels: named }: Definitions): void {
      for (const { id, name } of added) schemas.set(id, name);
      for (const channel of named)
        if (schemas.get(channel.schemaId) === samplesSchema.name) channels.set(channel.id, infoOf(channel));
    },
    samplesOf: (id: number) => channels.get(id),
    channels: () => [...new Set([...channels.values()].map(({ id }) => id))],
  };
}

function infoOf({ topic, metadata }: McapTypes.Channel): ChannelInfo {
  return {
    id: topic,
    name: metadata.get('name') ?? topic,
    unit: metadata.get('unit') ?? '',
    kind: metadata.get('kind') === 'step' ? 'step' : 'linear',
  };
}

const gapValues = z.object({
  channels: z.string(),
  from: z.coerce.number(),
  to: z.coerce.number(),
  reason: z.string(),
  samples: z.coerce.number().default(0),
});

function gapsIn(record: McapTypes.Metadata, channels: string[]): Replayed[] {
  if (record.name === metadataName.recovered)
    return lostRunsIn(record).flatMap(({ from, to, bytes }) => {
      if (from === null || to === null) return [];
      const reason = `${bytes} bytes of the capture could not be read`;
      return [{ kind: 'gap', gap: { channels, from, to, reason }, isLoss: true }];
    });
  if (record.name !== metadataName.gap) return [];
  const { data } = gapValues.safeParse(Object.fromEntries(record.metadata));
  if (!data) return [];
  const { samples, channels: list, ...gap } = data;
  return [{ kind: 'gap', gap: { ...gap, channels: listIn(list) }, isLoss: samples > 0 }];
}

/** Metadata has no checksum of its own: a list that is none names nothing. */
function listIn(text: string): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    return [];
  }
}
