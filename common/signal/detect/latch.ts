import type { Sighting, Verdict } from './types.ts';

/** What became of a fault with a verdict. */
export type Turn = 'raised' | 'cleared' | null;

/** Keeps one fault from flickering: it is raised with the first sighting, and cleared when it was absent for long enough. */
export interface Latch {
  /** The sighting that it stands on, while it is raised. */
  readonly seen: Sighting | null;
  /** When it was last seen, microseconds since 1970; 0 before that. */
  readonly lastSeen: number;
  /** `isExplained`: another fault says why, so it is not raised; one that is raised already is cleared. */
  take(now: number, verdict: Verdict, isExplained: boolean): Turn;
}

export function createLatch(clearAfter: number): Latch {
  const patience = clearAfter * 1e6;
  let seen: Sighting | null = null;
  let lastSeen = 0;
  let absentSince: number | null = null;

  function clear(): Turn {
    seen = null;
    absentSince = null;
    return 'cleared';
  }

  return {
    get seen() {
      return seen;
    },
    get lastSeen() {
      return lastSeen;
    },
    take(now, verdict, isExplained) {
      if (isExplained) return seen ? clear() : null;
      if (verdict === 'unknown') {
        // Nobody can tell for how long it was absent now.
        absentSince = null;
        return null;
      }
      if (verdict === 'absent') {
        if (!seen) return null;
        absentSince ??= now;
        return now - absentSince >= patience ? clear() : null;
      }
      lastSeen = now;
      absentSince = null;
      const isNew = seen === null;
      seen = { ...verdict, from: Math.min(verdict.from, seen?.from ?? Infinity) };
      return isNew ? 'raised' : null;
    },
  };
}
