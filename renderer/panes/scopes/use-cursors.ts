import { useRoom } from '../../store/store.ts';
import type { CursorReading } from './cursor-text.ts';
import type { ScopeEngine } from './scope-engine.ts';
import { useValuesAt } from './use-values-at.ts';

/** What is known of a lane at each cursor; null where there is none. */
export interface LaneCursors {
  a: CursorReading | null;
  b: CursorReading | null;
}

/** Answers for each channel what it was at the cursors. */
export function useCursors(engine: ScopeEngine, ids: string[]): (id: string) => LaneCursors {
  const { a, b } = useRoom((store) => store.cursors);
  const exact = { a: useValuesAt(a, ids), b: useValuesAt(b, ids) };
  const { dt } = engine.axis();
  const readingOf = (id: string, name: 'a' | 'b', at: number | null): CursorReading | null =>
    at === null
      ? null
      : { at, exact: exact[name]?.get(id) ?? null, extent: engine.valueAt(id, Math.floor(at / dt)) };
  return (id) => ({ a: readingOf(id, 'a', a), b: readingOf(id, 'b', b) });
}
