import type { McapTypes } from '@mcap/core';
import type { SealedChunk, Span } from './chunk-assembler.ts';

/** Samples that are not in the file, though they were in memory. Times in microseconds since 1970. */
export interface FileLoss {
  channels: string[];
  from: number;
  to: number;
  samples: number;
  reason: string;
  /** The same of each channel. */
  spans: ReadonlyMap<string, Span>;
}

export type Queued =
  | { kind: 'chunk'; chunk: SealedChunk }
  | { kind: 'metadata'; name: string; values: Record<string, string> }
  | { kind: 'definitions'; channels: McapTypes.Channel[] };

/** What waits to be written, in order and bounded: past the limit the oldest chunks are given up. */
export interface Backlog {
  /** `reason` is given to what has to be given up for it. */
  add(item: Queued, reason: string): void;
  /** Writes one after another; an item stays when its write fails. Rejects then. */
  drain(write: (item: Queued) => Promise<void>): Promise<void>;
  giveUpAll(reason: string): void;
  /** What was given up since it was last asked; null when nothing was. */
  takeLoss(): FileLoss | null;
}

export function createBacklog(limit: number): Backlog {
  const queue: Queued[] = [];
  let bytes = 0;
  let inHand: Queued | null = null;
  let loss: GrowingLoss | null = null;

  const remove = (item: Queued) => {
    queue.splice(queue.indexOf(item), 1);
    bytes -= sizeOf(item);
  };
  const giveUpOldest = (reason: string): boolean => {
    const item = queue.find((queued) => queued.kind === 'chunk' && queued !== inHand);
    if (item?.kind !== 'chunk') return false;
    remove(item);
    loss ??= { channels: [], from: Infinity, to: -Infinity, samples: 0, reason, spans: new Map() };
    for (const [channel, span] of item.chunk.spans) addSpan(loss, channel, span);
    return true;
  };

  return {
    add(item, reason) {
      queue.push(item);
      bytes += sizeOf(item);
      while (bytes > limit && giveUpOldest(reason));
    },
    async drain(write) {
      try {
        while ((inHand = queue[0] ?? null)) {
          await write(inHand);
          remove(inHand);
        }
      } finally {
        inHand = null;
      }
    },
    giveUpAll(reason) {
      while (giveUpOldest(reason));
    },
    takeLoss() {
      const taken = loss;
      loss = null;
      return taken;
    },
  };
}

function sizeOf(item: Queued): number {
  return item.kind === 'chunk' ? item.chunk.content.records.length + 256 : 256;
}

type GrowingLoss = FileLoss & { spans: Map<string, Span> };

function addSpan(loss: GrowingLoss, channel: string, { from, to, samples }: Span): void {
  loss.from = Math.min(loss.from, from);
  loss.to = Math.max(loss.to, to);
  loss.samples += samples;
  const known = loss.spans.get(channel);
  if (!known) loss.channels.push(channel);
  loss.spans.set(channel, {
    from: Math.min(from, known?.from ?? from),
    to: Math.max(to, known?.to ?? to),
    samples: samples + (known?.samples ?? 0),
  });
}
