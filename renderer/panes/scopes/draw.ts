import type { ColumnStore } from './column-store.ts';
import { digitalScale, drawDigital } from './digital.ts';
import type { Drawn, Plan } from './draw-plan.ts';
import { divisions, xOf } from './time-axis.ts';

export interface LaneMark {
  at: number;
  color: string;
}
export interface LaneGap {
  from: number;
  to: number;
}

/** What a lane paints besides its columns. */
export interface LaneInk {
  color: string;
  /** Microseconds between division lines. */
  step: number;
  marks: LaneMark[];
  gaps: LaneGap[];
  /** Values further apart than this are not joined, microseconds. */
  joinWithin: number;
  /** Device pixels per CSS pixel. */
  ratio: number;
}

const paper = '#0a0c0f';
const division = '#171b21';
const gapInk = 'rgba(255, 107, 100, 0.16)';

/** Paints what the plan says. The canvas keeps the rest from before. */
export function drawLane(
  context: CanvasRenderingContext2D,
  plan: Plan,
  next: Drawn,
  columns: ColumnStore,
  ink: LaneInk,
): void {
  if (plan.paint === 'nothing') return;
  const from = plan.paint === 'all' ? 0 : plan.from;
  if (plan.paint === 'part' && plan.by > 0) {
    context.globalCompositeOperation = 'copy';
    context.drawImage(context.canvas, -plan.by, 0);
    context.globalCompositeOperation = 'source-over';
  }
  context.save();
  context.beginPath();
  context.rect(from, 0, next.width - from, next.height);
  context.clip();
  context.fillStyle = paper;
  context.fillRect(from, 0, next.width - from, next.height);
  drawGrid(context, next, ink, from);
  drawGaps(context, next, ink, from);
  drawMarks(context, next, ink, from);
  if (next.scale === digitalScale) drawDigital(context, next, columns, ink, from);
  else drawTrace(context, next, columns, ink, from);
  context.restore();
}

function drawGrid(context: CanvasRenderingContext2D, next: Drawn, ink: LaneInk, from: number): void {
  context.fillStyle = division;
  for (const at of divisions(next, ink.step, from - 1))
    context.fillRect(Math.floor(xOf(next, at)), 0, Math.max(1, Math.round(ink.ratio)), next.height);
}

function drawGaps(context: CanvasRenderingContext2D, next: Drawn, ink: LaneInk, from: number): void {
  context.fillStyle = gapInk;
  for (const gap of ink.gaps) {
    const left = Math.floor(xOf(next, gap.from));
    const right = Math.max(left + 1, Math.ceil(xOf(next, gap.to)));
    if (right >= from && left <= next.width) context.fillRect(left, 0, right - left, next.height);
  }
}

function drawMarks(context: CanvasRenderingContext2D, next: Drawn, ink: LaneInk, from: number): void {
  const dash = Math.round(2 * ink.ratio);
  for (const mark of ink.marks) {
    const x = Math.floor(xOf(next, mark.at));
    if (x < from - 2 || x > next.width) continue;
    context.fillStyle = mark.color;
    for (let y = 0; y < next.height; y += dash * 2.5) context.fillRect(x, y, Math.max(1, ink.ratio), dash);
  }
}

/** Extents over this many CSS pixels are filled, not stroked: a stroke up and down in each column is what takes long. */
const tall = 3;

/** Where the extent of a column lies on the canvas. */
interface Extent {
  column: number;
  top: number;
  bottom: number;
  isTall: boolean;
}

/** One line through the extents of the columns. It is broken where data is missing. */
export function drawTrace(
  context: CanvasRenderingContext2D,
  next: Drawn,
  columns: ColumnStore,
  ink: Pick<LaneInk, 'color' | 'joinWithin' | 'ratio'>,
  from: number,
): void {
  if (!next.scale) return;
  const { low, high } = next.scale;
  const y = (value: number) => next.height - ((value - low) / (high - low)) * next.height;
  const left = next.end - next.width;
  const join = Math.max(1, Math.ceil(ink.joinWithin / next.dt));
  context.strokeStyle = context.fillStyle = ink.color;
  context.lineWidth = 1.4 * ink.ratio;
  context.lineJoin = 'round';
  context.beginPath();
  let before: Extent | null = null;
  const last = Math.min(columns.end, next.end);
  for (let column = Math.max(columns.start, left + from - join - 1); column < last; column++) {
    const min = columns.minAt(column);
    if (Number.isNaN(min)) continue;
    const [top, bottom] = [y(columns.maxAt(column)), y(min)];
    const extent: Extent = { column, top, bottom, isTall: bottom - top > tall * ink.ratio };
    drawExtent(context, before && column - before.column <= join ? before : null, extent, left);
    before = extent;
  }
  context.stroke();
}

/** Adds a column to the line; `before` is the one that it is joined to. */
function drawExtent(
  context: CanvasRenderingContext2D,
  before: Extent | null,
  { column, top, bottom, isTall }: Extent,
  left: number,
): void {
  const x = column - left;
  if (isTall && before?.isTall && before.column === column - 1) {
    // Side by side they need not overlap: the one reaches over to the other.
    const [from, to] = [Math.min(top, before.bottom), Math.max(bottom, before.top)];
    context.fillRect(x, from, 1, to - from);
    return;
  }
  if (before) {
    const nearest = Math.min(before.bottom, Math.max(before.top, top));
    if (before.isTall) context.moveTo(before.column - left + 0.5, nearest);
    context.lineTo(x + 0.5, Math.min(bottom, Math.max(top, nearest)));
    // Also after its own value where nothing joins it: a lone sample is a dot.
  } else if (!isTall) context.moveTo(x, bottom);
  if (isTall) return context.fillRect(x, top, 1, bottom - top);
  context.lineTo(x + 0.5, top);
  if (bottom !== top) context.lineTo(x + 0.5, bottom);
}
