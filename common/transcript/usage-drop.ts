import { excerpt } from './bounds.ts';
import type { Place } from './reader-base.ts';
import type { CompactionEvent, TranscriptEvent } from './types.ts';

/** Notices that a context got smaller by more than half, which is a compaction where no record says so. */
export interface DropWatch {
  /** A compaction was told otherwise: the next drop is its. */
  mark(): void;
  take(place: Place, input: number, carried: string | null, out: TranscriptEvent[]): void;
  /** Tokens of the newest reply. */
  last(): number | null;
  flush(out: TranscriptEvent[]): void;
}

/** Below this there is nothing to compact. */
const leastTokens = 2_000;
/** A reply of so much of the former context says that the small one was a call aside, as for a title. */
const shareThatIsBack = 0.75;
const mostCarried = 65_536;

export function createDropWatch(): DropWatch {
  let last: number | null = null;
  let isMarked = false;
  /** A drop that the next reply has yet to confirm. */
  let pending: CompactionEvent | null = null;

  function flush(out: TranscriptEvent[]): void {
    if (pending) out.push(pending);
    pending = null;
  }

  return {
    mark: () => void (isMarked = true),
    last: () => last,
    take(place, input, carried, out) {
      if (pending && input >= pending.before! * shareThatIsBack) pending = null;
      else flush(out);
      if (!isMarked && last !== null && last >= leastTokens && input * 2 < last)
        pending = {
          kind: 'compaction',
          ...place,
          marker: 'drop',
          trigger: null,
          before: last,
          after: input,
          summary: null,
          carried: carried === null ? null : excerpt(carried, mostCarried),
        };
      isMarked = false;
      last = input;
    },
    flush,
  };
}
