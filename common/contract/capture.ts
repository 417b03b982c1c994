import { z } from 'zod';
import { eventIterator } from '@orpc/contract';
import { channelInfo } from '../incident/entries.ts';
import { method, micros, streamId } from './base.ts';

/** What a scope shows: columns of `dt` microseconds on a grid that starts at 0, so that column k covers [k·dt, (k+1)·dt). */
export const scopeView = z.object({
  channels: z.array(z.string()).min(1).max(32),
  /** Microseconds per column, at least 10. */
  dt: z.number().int().min(10),
  from: micros,
  /** Exclusive. Null: follow what comes. */
  to: micros.nullable(),
});
export type ScopeView = z.infer<typeof scopeView>;

export const captureChannel = channelInfo.extend({
  /** Host time of the first and last sample, microseconds since 1970; 0 where there is none. */
  first: z.number(),
  last: z.number(),
  samples: z.number(),
  lost: z.number(),
});

/**
 * The last sample at or before a moment: its time and value, null where there is none. `isHeld`: nothing is known to be
 * missing between it and the moment, and the device was heard after that.
 */
export const valueAt = z.object({
  channel: z.string(),
  t: z.number().nullable(),
  v: z.number().nullable(),
  isHeld: z.boolean(),
});
export type ValueAt = z.infer<typeof valueAt>;

/** Captured signals. Columns come on the bulk plane in the layout of common/contract/bulk-scope.ts. */
export const capture = {
  channels: method('read').output(eventIterator(z.array(captureChannel))),
  /** Opens a view; its columns come on the stream, first all, then only those that changed. */
  openView: method('read').input(scopeView).output(streamId),
  /** Moves an open view; a full set follows. */
  setView: method('read')
    .input(scopeView.extend({ stream: z.number().int() }))
    .output(z.object({})),
  closeView: method('read').input(streamId).output(z.object({})),
  /** What each channel was at `at`, to the sample, in the order asked for. */
  valuesAt: method('read')
    .input(z.object({ channels: z.array(z.string()).min(1).max(32), at: micros }))
    .output(z.array(valueAt)),
};
