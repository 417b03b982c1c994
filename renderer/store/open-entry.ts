import { useRoom } from './store.ts';

/** Opens an entry in the timeline, where its evidence is. One that is older than what the page holds can't be opened so. */
export function openEntry(id: string): void {
  const { entries, set, notify } = useRoom.getState();
  const entry = entries.findLast(({ head }) => head.id === id);
  set({ side: 'timeline', entry: entry?.head.seq ?? null });
  if (!entry)
    notify('bad', 'That entry is older than the timeline here.', 'Go back to its time on the strip below.');
}
