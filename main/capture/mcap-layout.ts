/**
 * The bytes of an MCAP file, one piece after another. `@mcap/core` builds the records; its McapWriter is not used,
 * because it closes a chunk only by size (we close one by time, too) and can't go on after a write that failed.
 * A piece counts only once it is committed: what could not be written leaves no trace in the index.
 */
import { McapConstants, McapRecordBuilder, type McapTypes } from '@mcap/core';
import { crc32 } from 'node:zlib';

/** Records of one chunk and what an index must know of them. */
export interface ChunkContent {
  records: Uint8Array;
  startTime: bigint;
  endTime: bigint;
  indexes: McapTypes.MessageIndex[];
}

/** Bytes to be written at the end of the file; call `commit` when they are there. */
export interface Piece {
  bytes: Uint8Array;
  commit(): void;
}

export interface McapLayout {
  /** Bytes committed. */
  readonly length: number;
  opening(): Piece;
  /** A schema and channels outside any chunk, so that the loss of a chunk never costs the names. */
  definitions(schemas: McapTypes.Schema[], channels: McapTypes.Channel[]): Piece;
  metadata(name: string, values: Record<string, string>): Piece;
  chunk(content: ChunkContent): Piece;
  /** What makes the committed bytes a whole, indexed file: data end, summary, footer. */
  closing(): Uint8Array;
}

const { Opcode } = McapConstants;
export const library = 'warroom';

export function createMcapLayout(): McapLayout {
  return new Layout();
}

class Layout implements McapLayout {
  length = 0;
  private crc = 0;
  private schemas = new Map<number, McapTypes.Schema>();
  private channels = new Map<number, McapTypes.Channel>();
  private chunkIndexes: McapTypes.ChunkIndex[] = [];
  private metadataIndexes: McapTypes.MetadataIndex[] = [];
  private messageCounts = new Map<number, bigint>();

  opening(): Piece {
    return this.piece((builder) => {
      builder.writeMagic();
      builder.writeHeader({ profile: '', library });
    });
  }

  definitions(schemas: McapTypes.Schema[], channels: McapTypes.Channel[]): Piece {
    const write = (builder: McapRecordBuilder) => {
      for (const schema of schemas) builder.writeSchema(schema);
      for (const channel of channels) builder.writeChannel(channel);
    };
    return this.piece(write, () => {
      for (const schema of schemas) this.schemas.set(schema.id, schema);
      for (const channel of channels) this.channels.set(channel.id, channel);
    });
  }

  metadata(name: string, values: Record<string, string>): Piece {
    const offset = BigInt(this.length);
    const metadata = new Map(Object.entries(values));
    return this.piece(
      (builder) => builder.writeMetadata({ name, metadata }),
      (bytes) => this.metadataIndexes.push({ name, offset, length: BigInt(bytes.length) }),
    );
  }

  chunk({ records, startTime, endTime, indexes }: ChunkContent): Piece {
    const chunkStartOffset = BigInt(this.length);
    let chunkLength = 0n;
    const messageIndexOffsets = new Map<number, bigint>();
    const uncompressedSize = BigInt(records.length);
    const write = (builder: McapRecordBuilder) => {
      builder.writeChunk({
        messageStartTime: startTime,
        messageEndTime: endTime,
        uncompressedSize,
        uncompressedCrc: crc32(records),
        compression: '',
        records,
      });
      chunkLength = BigInt(builder.length);
      for (const index of indexes) {
        messageIndexOffsets.set(index.channelId, chunkStartOffset + BigInt(builder.length));
        builder.writeMessageIndex(index);
      }
    };
    return this.piece(write, (bytes) => {
      this.chunkIndexes.push({
        messageStartTime: startTime,
        messageEndTime: endTime,
        chunkStartOffset,
        chunkLength,
        messageIndexOffsets,
        messageIndexLength: BigInt(bytes.length) - chunkLength,
        compression: '',
        compressedSize: uncompressedSize,
        uncompressedSize,
      });
      for (const { channelId, records: messages } of indexes) {
        const before = this.messageCounts.get(channelId) ?? 0n;
        this.messageCounts.set(channelId, before + BigInt(messages.length));
      }
    });
  }

  closing(): Uint8Array {
    const builder = new McapRecordBuilder();
    builder.writeDataEnd({ dataSectionCrc: this.crc });
    const summaryStart = builder.length;
    const groups = this.writeSummary(builder);
    const at = (offset: number) => BigInt(this.length + offset);
    const summaryOffsetStart = builder.length;
    for (const { opcode, start, end } of groups) {
      if (end === start) continue;
      builder.writeSummaryOffset({
        groupOpcode: opcode,
        groupStart: at(start),
        groupLength: BigInt(end - start),
      });
    }
    const footer = { summaryStart: at(summaryStart), summaryOffsetStart: at(summaryOffsetStart) };
    const summary = builder.buffer.subarray(summaryStart);
    builder.writeFooter({ ...footer, summaryCrc: crc32(footerHead(footer), crc32(summary)) });
    builder.writeMagic();
    return builder.buffer;
  }

  private writeSummary(builder: McapRecordBuilder): { opcode: number; start: number; end: number }[] {
    const group = (opcode: number, write: () => void) => {
      const start = builder.length;
      write();
      return { opcode, start, end: builder.length };
    };
    return [
      group(Opcode.SCHEMA, () => this.schemas.forEach((schema) => builder.writeSchema(schema))),
      group(Opcode.CHANNEL, () => this.channels.forEach((channel) => builder.writeChannel(channel))),
      group(Opcode.STATISTICS, () => builder.writeStatistics(this.statistics())),
      group(Opcode.METADATA_INDEX, () =>
        this.metadataIndexes.forEach((index) => builder.writeMetadataIndex(index)),
      ),
      group(Opcode.CHUNK_INDEX, () => this.chunkIndexes.forEach((index) => builder.writeChunkIndex(index))),
    ];
  }

  private statistics(): McapTypes.Statistics {
    let messageCount = 0n;
    for (const count of this.messageCounts.values()) messageCount += count;
    let start: bigint | null = null;
    let end = 0n;
    for (const { messageStartTime, messageEndTime } of this.chunkIndexes) {
      if (start === null || messageStartTime < start) start = messageStartTime;
      if (messageEndTime > end) end = messageEndTime;
    }
    return {
      messageCount,
      schemaCount: this.schemas.size,
      channelCount: this.channels.size,
      attachmentCount: 0,
      metadataCount: this.metadataIndexes.length,
      chunkCount: this.chunkIndexes.length,
      messageStartTime: start ?? 0n,
      messageEndTime: end,
      channelMessageCounts: this.messageCounts,
    };
  }

  private piece(write: (builder: McapRecordBuilder) => void, then?: (bytes: Uint8Array) => void): Piece {
    const builder = new McapRecordBuilder();
    write(builder);
    const bytes = builder.buffer;
    return {
      bytes,
      commit: () => {
        this.crc = crc32(bytes, this.crc);
        this.length += bytes.length;
        then?.(bytes);
      },
    };
  }
}

/** The part of the footer record that its summary CRC covers, too. */
function footerHead(footer: { summaryStart: bigint; summaryOffsetStart: bigint }): Uint8Array {
  const bytes = new Uint8Array(25);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, Opcode.FOOTER);
  view.setBigUint64(1, 20n, true);
  view.setBigUint64(9, footer.summaryStart, true);
  view.setBigUint64(17, footer.summaryOffsetStart, true);
  return bytes;
}
