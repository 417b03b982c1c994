import type { Axis } from './time-axis.ts';
import type { Scale } from './scale.ts';

/** What a lane's canvas shows. Everything that is drawn follows from it and the columns. */
export interface Drawn extends Axis {
  height: number;
  scale: Scale | null;
  /** Changes when marks, gaps or colours do. */
  version: number;
}

/** What has to be painted: nothing, all, or the columns of the canvas from `from` on after shifting it left by `by`. */
export type Plan = { paint: 'nothing' } | { paint: 'all' } | { paint: 'part'; by: number; from: number };

/** Decides what to paint. `dirty`: the lowest absolute column that changed since `before` was painted. */
export function planPaint(before: Drawn | null, next: Drawn, dirty: number | null): Plan {
  if (!before || !isSamePicture(before, next)) return { paint: 'all' };
  const by = next.end - before.end;
  if (by < 0 || by >= next.width) return { paint: 'all' };
  const dirtyX = dirty === null ? next.width : Math.max(0, dirty - (next.end - next.width));
  if (by === 0 && dirtyX >= next.width) return { paint: 'nothing' };
  return { paint: 'part', by, from: Math.min(next.width - by, dirtyX) };
}

function isSamePicture(a: Drawn, b: Drawn): boolean {
  return (
    a.dt === b.dt &&
    a.width === b.width &&
    a.height === b.height &&
    a.version === b.version &&
    a.scale?.low === b.scale?.low &&
    a.scale?.high === b.scale?.high
  );
}
