/** Gathers samples into messages of at most 100 ms, and messages into chunks that can be read on their own. */
import { McapChunkBuilder, type McapTypes } from '@mcap/core';
import type { ChunkContent } from './mcap-layout.ts';
import { encodeRejected, encodeSamples, nanosOf, type Rejected } from './sample-layout.ts';

const messageSpan = 100_000;
const messageSamples = 1024;
/** The names are written into every so many chunks again, so that what is left of a damaged file keeps its names. */
const definitionsEvery = 40;

/** What a chunk holds of one channel: times in microseconds, first and last. */
export interface Span {
  from: number;
  to: number;
  samples: number;
}

export interface SealedChunk {
  content: ChunkContent;
  spans: Map<string, Span>;
}

interface Pending {
  channel: McapTypes.Channel;
  t: Float64Array;
  v: Float64Array;
  count: number;
  deviceTime: number | undefined;
  sequence: number;
}

export interface ChunkAssembler {
  /** Bytes gathered in messages so far. */
  readonly byteLength: number;
  addChannel(channel: McapTypes.Channel): void;
  samples(topic: string, t: ArrayLike<number>, v: ArrayLike<number>, deviceTime: number | undefined): void;
  rejected(topic: string, at: number, rejected: Rejected): void;
  /** `messages` of a channel are known to be lost: its sequence jumps by as many. */
  skip(topic: string, messages: number): void;
  /** Ends the chunk with all that was given; null when that is nothing. */
  seal(): SealedChunk | null;
}

export function createChunkAssembler(schemas: McapTypes.Schema[]): ChunkAssembler {
  return new Assembler(schemas);
}

class Assembler implements ChunkAssembler {
  private builder = new McapChunkBuilder({ useMessageIndex: true });
  private pending = new Map<string, Pending>();
  private spans = new Map<string, Span>();
  private sealed = 0;
  private isEmpty = true;
  private readonly schemas: McapTypes.Schema[];

  constructor(schemas: McapTypes.Schema[]) {
    this.schemas = schemas;
  }

  get byteLength(): number {
    return this.isEmpty ? 0 : this.builder.byteLength;
  }

  addChannel(channel: McapTypes.Channel): void {
    const [t, v] = [new Float64Array(messageSamples), new Float64Array(messageSamples)];
    this.pending.set(channel.topic, { channel, t, v, count: 0, deviceTime: undefined, sequence: 0 });
  }

  samples(topic: string, t: ArrayLike<number>, v: ArrayLike<number>, deviceTime: number | undefined): void {
    const pending = this.of(topic);
    for (let i = 0; i < t.length; i++) {
      const isFull = pending.count === messageSamples || t[i]! - pending.t[0]! > messageSpan;
      if (isFull && pending.count > 0) this.closeMessage(pending);
      pending.t[pending.count] = t[i]!;
      pending.v[pending.count] = v[i]!;
      pending.count++;
    }
    if (deviceTime !== undefined) pending.deviceTime = deviceTime;
  }

  rejected(topic: string, at: number, rejected: Rejected): void {
    this.write(this.of(topic), at, undefined, encodeRejected(rejected));
    this.widen(topic, at, at, 0);
  }

  skip(topic: string, messages: number): void {
    const pending = this.of(topic);
    this.closeMessage(pending);
    pending.sequence += messages;
  }

  seal(): SealedChunk | null {
    for (const pending of this.pending.values()) this.closeMessage(pending);
    if (this.isEmpty) return null;
    const { builder, spans } = this;
    const content = {
      records: builder.buffer,
      startTime: builder.messageStartTime,
      endTime: builder.messageEndTime,
      indexes: [...builder.indices].filter((index) => index.records.length > 0),
    };
    builder.reset();
    this.spans = new Map();
    this.isEmpty = true;
    this.sealed++;
    return { content, spans };
  }

  private of(topic: string): Pending {
    const pending = this.pending.get(topic);
    if (!pending) throw new RangeError(`no channel ${topic} was added`);
    return pending;
  }

  private closeMessage(pending: Pending): void {
    const { t, v, count } = pending;
    if (count === 0) return;
    const last = t[count - 1]!;
    const data = encodeSamples({ t: t.subarray(0, count), v: v.subarray(0, count) });
    this.write(pending, last, pending.deviceTime, data);
    this.widen(pending.channel.topic, t[0]!, last, count);
    pending.count = 0;
    pending.deviceTime = undefined;
  }

  private write(pending: Pending, at: number, deviceTime: number | undefined, data: Uint8Array): void {
    if (this.isEmpty && this.sealed % definitionsEvery === 0) this.writeDefinitions();
    this.isEmpty = false;
    const logTime = nanosOf(at);
    this.builder.addMessage({
      channelId: pending.channel.id,
      sequence: pending.sequence++ >>> 0,
      logTime,
      publishTime: deviceTime === undefined ? logTime : nanosOf(deviceTime),
      data,
    });
  }

  private writeDefinitions(): void {
    for (const schema of this.schemas) this.builder.addSchema(schema);
    for (const { channel } of this.pending.values()) this.builder.addChannel(channel);
  }

  private widen(topic: string, from: number, to: number, samples: number): void {
    const span = this.spans.get(topic);
    if (!span) this.spans.set(topic, { from, to, samples });
    else {
      span.to = Math.max(span.to, to);
      span.samples += samples;
    }
  }
}
