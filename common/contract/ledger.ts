import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import type { Entry } from '../ledger/types.ts';
import { method } from './base.ts';

/** An entry on its way to a seat. Its shape is the ledger's own (common/ledger/types.ts). */
const entry = z.custom<Entry>((value) => typeof value === 'object' && value !== null && 'head' in value);
const seq = z.number().int().nonnegative();

export const checkpointNote = z.object({ size: seq, root: z.string(), note: z.string() });

/** Reading the ledger. Nothing here appends. */
export const ledger = {
  /** Entries [from, to), at most 1 000 a call. */
  range: method('read')
    .input(z.object({ from: seq, to: seq }))
    .output(z.array(entry)),
  /** Batches from `from` on: first what is stored, then each group commit. A batch has at most 512 entries. */
  subscribe: method('read')
    .input(z.object({ from: seq }))
    .output(eventIterator(z.object({ entries: z.array(entry), head: seq }))),
  /** Every new checkpoint, the last one at once. */
  checkpoints: method('read').output(eventIterator(checkpointNote)),
};
