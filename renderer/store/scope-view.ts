import type { StateCreator } from 'zustand/vanilla';
import type { RoomStore } from './store.ts';

export type CursorName = 'a' | 'b';

/** Which of the kept windows lies under the live traces, and what of the two is brought together. */
export interface Comparison {
  /** The id of its `evidence.kept` entry. */
  evidence: string;
  align: 'edge' | 'trigger';
}

/** How this page reads the scopes: its cursors, its choice of lanes, and what it compares with. */
export interface ScopeViewSlice {
  /** Where the pointer is over the lanes: its share of their width. */
  pointer: number | null;
  /** Microseconds since 1970. */
  cursors: Record<CursorName, number | null>;
  /** The one that the arrows move. */
  activeCursor: CursorName | null;
  /** Null: as usual (lanes.ts). */
  hiddenLanes: readonly string[] | null;
  /** Channels that were moved to a place of their own; those not in it follow as the host tells them. */
  laneOrder: readonly string[];
  comparison: Comparison | null;
  setScopeView(change: Partial<Omit<ScopeViewSlice, 'setScopeView' | 'placeCursor' | 'removeCursor'>>): void;
  /** Puts a cursor at a time and makes it the one that the arrows move. */
  placeCursor(name: CursorName, at: number): void;
  /** Takes the active cursor away; the other one, where there is one, is active then. */
  removeCursor(): void;
}

/** As it is when an incident is entered. */
export const emptyScopeView = {
  pointer: null,
  cursors: { a: null, b: null },
  activeCursor: null,
  hiddenLanes: null,
  laneOrder: [] as readonly string[],
  comparison: null,
};

export const createScopeViewSlice: StateCreator<RoomStore, [], [], ScopeViewSlice> = (set) => ({
  ...emptyScopeView,
  setScopeView: (change) => set(change),
  placeCursor: (name, at) =>
    set(({ cursors }) => ({ cursors: { ...cursors, [name]: at }, activeCursor: name })),
  removeCursor: () =>
    set(({ cursors, activeCursor }) => {
      if (!activeCursor) return {};
      const other = activeCursor === 'a' ? 'b' : 'a';
      return {
        cursors: { ...cursors, [activeCursor]: null },
        activeCursor: cursors[other] === null ? null : other,
      };
    }),
});
