/** Reads a capture by the readers of @mcap/core alone, as a stranger to this app would. */
import { McapIndexedReader, McapStreamReader, type McapTypes } from '@mcap/core';
import { decodeSamples } from '../../main/capture/sample-layout.ts';

/** Everything a reader found: samples by topic, and the rest as records. */
export interface ReadCapture {
  samples: Map<string, { t: number[]; v: number[]; sequences: number[]; publish: bigint[] }>;
  channels: Map<string, McapTypes.Channel>;
  schemas: Map<number, McapTypes.Schema>;
  rejected: { topic: string; data: Uint8Array; logTime: bigint }[];
  metadata: McapTypes.Metadata[];
  /** Length of each chunk's records. */
  chunks: number[];
}

function empty(): ReadCapture {
  return {
    samples: new Map(),
    channels: new Map(),
    schemas: new Map(),
    rejected: [],
    metadata: [],
    chunks: [],
  };
}

function addMessage(read: ReadCapture, channel: McapTypes.Channel, message: McapTypes.Message): void {
  if (read.schemas.get(channel.schemaId)?.name !== 'warroom/Samples') {
    read.rejected.push({ topic: channel.topic, data: message.data, logTime: message.logTime });
    return;
  }
  const found = read.samples.get(channel.topic) ?? { t: [], v: [], sequences: [], publish: [] };
  const { t, v } = decodeSamples(message.data);
  found.t.push(...t);
  found.v.push(...v);
  found.sequences.push(message.sequence);
  found.publish.push(message.publishTime);
  read.samples.set(channel.topic, found);
}

/** By McapStreamReader. Throws when the file is not whole. */
export function readByStream(bytes: Uint8Array): ReadCapture {
  const read = empty();
  const byId = new Map<number, McapTypes.Channel>();
  const reader = new McapStreamReader({ includeChunks: true });
  reader.append(bytes);
  for (let record; (record = reader.nextRecord());) {
    if (record.type === 'Schema') read.schemas.set(record.id, record);
    else if (record.type === 'Channel') {
      byId.set(record.id, record);
      read.channels.set(record.topic, record);
    } else if (record.type === 'Chunk') read.chunks.push(record.records.length);
    else if (record.type === 'Metadata') read.metadata.push(record);
    else if (record.type === 'Message') addMessage(read, byId.get(record.channelId)!, record);
  }
  if (!reader.done()) throw new Error('the stream reader wants more bytes');
  return read;
}

/** By McapIndexedReader: the footer, the summary and every index. */
export async function readByIndex(bytes: Uint8Array): Promise<ReadCapture> {
  const read = empty();
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: () => Promise.resolve(BigInt(bytes.length)),
      read: (offset, size) => Promise.resolve(bytes.slice(Number(offset), Number(offset + size))),
    },
  });
  for (const schema of reader.schemasById.values()) read.schemas.set(schema.id, schema);
  for (const channel of reader.channelsById.values()) read.channels.set(channel.topic, channel);
  for (const chunk of reader.chunkIndexes) read.chunks.push(Number(chunk.uncompressedSize));
  for await (const message of reader.readMessages())
    addMessage(read, reader.channelsById.get(message.channelId)!, message);
  for await (const metadata of reader.readMetadata()) read.metadata.push(metadata);
  const counted = [...(reader.statistics?.channelMessageCounts.values() ?? [])].reduce(
    (sum, n) => sum + n,
    0n,
  );
  if (reader.statistics?.messageCount !== counted) throw new Error('the statistics disagree');
  return read;
}
