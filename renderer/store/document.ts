import type { StateCreator } from 'zustand/vanilla';
import { reduce } from '../../common/incident/reduce.ts';
import { emptyState, type State } from '../../common/incident/state.ts';
import { microsOf } from '../../common/lib/clock.ts';
import type { Entry } from '../../common/ledger/types.ts';
import type { RoomStore } from './store.ts';

/** Entries held for the timeline; older ones are fetched when somebody looks at them. */
export const timelineWindow = 4096;
const snapshotEvery = 512;

/** What the strip and the scopes draw of one entry. */
export interface Mark {
  seq: number;
  /** Microseconds since 1970. */
  at: number;
  kind: Entry['head']['actor']['kind'];
  type: string;
}

/** A state to seek from: that after `size` entries. */
interface Snapshot {
  at: number;
  state: State;
}

/** The room as it was at one moment. */
export interface Past {
  /** Microseconds since 1970. */
  at: number;
  state: State;
  /** Up to a window of entries before that moment, oldest first. */
  entries: Entry[];
}

/** The incident: a fold of its entries. Never edited; every pane reads it. */
export interface DocumentSlice {
  state: State;
  /** The newest entries, oldest first. */
  entries: Entry[];
  marks: Mark[];
  snapshots: Snapshot[];
  /** Entries that the host has. */
  head: number;
  past: Past | null;
  takeEntries(entries: Entry[], head: number): void;
  clearDocument(): void;
  setPast(past: Past | null): void;
}

export const emptyDocument = {
  state: emptyState,
  entries: [] as Entry[],
  marks: [] as Mark[],
  snapshots: [] as Snapshot[],
  head: 0,
  past: null,
};

export const createDocumentSlice: StateCreator<RoomStore, [], [], DocumentSlice> = (set) => ({
  ...emptyDocument,
  takeEntries: (entries, head) => set((store) => ({ ...foldEntries(store, entries), head })),
  clearDocument: () => set(emptyDocument),
  setPast: (past) => set({ past }),
});

type Folded = Pick<DocumentSlice, 'state' | 'entries' | 'marks' | 'snapshots'>;

/** Folds the entries that follow the state; those folded already are passed over. */
export function foldEntries(before: Folded, batch: Entry[]): Folded {
  let { state } = before;
  const fresh: Entry[] = [];
  const snapshots = [...before.snapshots];
  for (const entry of batch) {
    if (entry.head.seq !== state.size) continue;
    state = reduce(state, entry);
    fresh.push(entry);
    if (state.size % snapshotEvery === 0) snapshots.push({ at: microsOf(entry.head.at), state });
  }
  if (fresh.length === 0) return before;
  const all = [...before.entries, ...fresh];
  return {
    state,
    snapshots,
    entries: all.length > timelineWindow * 1.25 ? all.slice(-timelineWindow) : all,
    marks: [...before.marks, ...fresh.map(markOf)],
  };
}

export function markOf({ head }: Entry): Mark {
  return { seq: head.seq, at: microsOf(head.at), kind: head.actor.kind, type: head.type };
}

/** The newest snapshot at or before `at`, else the state before entry 0. */
export function snapshotBefore(snapshots: Snapshot[], at: number): State {
  let found = emptyState;
  for (const snapshot of snapshots) if (snapshot.at <= at) found = snapshot.state;
  return found;
}

/** Folds onto a snapshot what came up to `at`. Entries' times never step back within a host's run. */
export function foldUntil(snapshot: State, entries: Entry[], at: number): { state: State; entries: Entry[] } {
  const before = entries.filter((entry) => microsOf(entry.head.at) <= at);
  let state = snapshot;
  for (const entry of before) if (entry.head.seq === state.size) state = reduce(state, entry);
  return { state, entries: before };
}
