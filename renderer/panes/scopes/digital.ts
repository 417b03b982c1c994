/** How a channel of two levels is drawn: as a logic analyser does, with every edge on its own pixel. */
import type { ColumnStore } from './column-store.ts';
import type { Drawn } from './draw-plan.ts';
import type { Scale } from './scale.ts';

/** Columns side by side in which the channel stays on one level, or in each of which it was on `both`. */
export interface LevelRun {
  column: number;
  count: number;
  is: 'low' | 'high' | 'both';
}

/** Both levels with room above and below; it never changes, so that a level keeps its place. */
export const digitalScale: Scale = { low: -0.3, high: 1.5 };
/** Where a value lies in a digital lane, as a share of its height from the top. */
export const levelPlace = (level: 0 | 1): number =>
  (digitalScale.high - level) / (digitalScale.high - digitalScale.low);

/** Whether values are levels: none lies outside 0 … 1. */
export function areLevels({ min, max }: { min: number; max: number }): boolean {
  return min >= 0 && max <= 1;
}

const middle = 0.5;

/** The runs of columns [from, to). Columns without data are in none. */
export function levelRuns(
  columns: Pick<ColumnStore, 'minAt' | 'maxAt'>,
  from: number,
  to: number,
): LevelRun[] {
  const runs: LevelRun[] = [];
  for (let column = from; column < to; column++) {
    const min = columns.minAt(column);
    if (Number.isNaN(min)) continue;
    const [isLow, isHigh] = [min < middle, columns.maxAt(column) >= middle];
    const is = isLow && isHigh ? 'both' : isHigh ? 'high' : 'low';
    const last = runs.at(-1);
    if (last?.is === is && last.column + last.count === column) last.count++;
    else runs.push({ column, count: 1, is });
  }
  return runs;
}

/** Least width of a pulse on the screen, in CSS pixels: one that lasted a single sample is seen. */
const leastPulse = 1;
const fill = 0.2;

/** Paints the columns of the canvas from `from` on: high is filled, low is a line, an edge goes from one to the other. */
export function drawDigital(
  context: CanvasRenderingContext2D,
  next: Drawn,
  columns: ColumnStore,
  { color, ratio }: { color: string; ratio: number },
  from: number,
): void {
  const left = next.end - next.width;
  const top = Math.round(levelPlace(1) * next.height);
  const bottom = Math.round(levelPlace(0) * next.height);
  const line = Math.max(1, Math.round(1.4 * ratio));
  context.fillStyle = color;
  let before: LevelRun | null = null;
  // One column before, to see whether an edge lies between it and the first.
  const first = Math.max(columns.start, left + from - 1);
  for (const run of levelRuns(columns, first, Math.min(columns.end, next.end))) {
    const x = run.column - left;
    const isJoined = before !== null && before.column + before.count === run.column;
    if (run.is === 'both') {
      context.fillRect(x, top, Math.max(run.count, Math.round(leastPulse * ratio)), bottom + line - top);
    } else {
      if (run.is === 'high') {
        context.globalAlpha = fill;
        context.fillRect(x, top, run.count, bottom - top);
        context.globalAlpha = 1;
      }
      context.fillRect(x, run.is === 'high' ? top : bottom, run.count, line);
      if (isJoined && before?.is !== 'both') context.fillRect(x, top, line, bottom + line - top);
    }
    before = run;
  }
}
