import type { Entry } from '../../common/ledger/types.ts';
import { foldUntil, snapshotBefore, timelineWindow } from './document.ts';
import { hostNow } from './link.ts';
import { act } from './act.ts';
import { useRoom } from './store.ts';

const mostARequest = 1000;
/** Entries of the past shown before the moment looked at. */
const shownBefore = 400;

/** Shows every pane the room as it was at `at` (microseconds since 1970); the present when that is not past. */
export async function lookAt(at: number): Promise<void> {
  const store = useRoom.getState();
  if (at >= hostNow(store.clockOffset)) return returnToNow();
  const { span } = store.scope;
  store.set({ lookAt: at });
  store.setScope({ end: at + span / 2 });
  const snapshot = snapshotBefore(store.snapshots, at);
  const lastBefore = store.marks.findLast((mark) => mark.at <= at);
  const to = (lastBefore?.seq ?? -1) + 1;
  const entries = await entriesBetween(Math.max(0, Math.min(snapshot.size, to - shownBefore)), to);
  // Somebody dragged on while the entries came.
  if (useRoom.getState().lookAt !== at) return;
  // Why they did not come was told; half a past is worse than none.
  if (!entries) return returnToNow();
  store.setPast({ at, ...foldUntil(snapshot, entries, at) });
}

export function returnToNow(): void {
  const store = useRoom.getState();
  store.set({ lookAt: null });
  store.setPast(null);
  store.setScope({ end: null });
}

/** Entries [from, to), from the window held here where it covers them. */
async function entriesBetween(from: number, to: number): Promise<Entry[] | null> {
  const { entries } = useRoom.getState();
  const first = entries[0]?.head.seq ?? 0;
  if (from >= first) return entries.slice(from - first, Math.min(to - first, timelineWindow * 2));
  const all: Entry[] = [];
  for (let at = from; at < to; at += mostARequest) {
    const part = await act((api) => api.ledger.range({ from: at, to: Math.min(to, at + mostARequest) }));
    if (!part) return null;
    all.push(...part);
  }
  return all;
}
