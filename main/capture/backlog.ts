import type { McapTypes } from '@mcap/core';
import type { SealedChunk, Span } from './chunk-assembler.ts';

/** Samples that are not in the file, though they were in memory. Times in microseconds since 1970. */
export interface FileLoss {
  channels: string[];
  from: number;
  to: number;
  samples: number;
  reason: string;
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
  let loss: FileLoss | null = null;

  const remove = (item: Queued) => {
    queue.splice(queue.indexOf(item), 1);
    bytes -= sizeOf(item);
  };
  const giveUpOldest = (reason: string): boolean => {
    const item = queue.find((queued) => queued.kind === 'chunk' && queued !== inHand);
    if (item?.kind !== 'chunk') return false;
    remove(item);
    loss ??= { channels: [], from: Infinity, to: -Infinity, samples: 0, reason };
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

function addSpan(loss: FileLoss, channel: string, span: Span): void {
  if (!loss.channels.includes(channel)) loss.channels.push(channel);
  loss.from = Math.min(loss.from, span.from);
  loss.to = Math.max(loss.to, span.to);
  loss.samples += span.samples;
}
