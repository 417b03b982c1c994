import type { ColumnStore } from './column-store.ts';
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
  drawTrace(context, next, columns, ink, from);
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

/** One line through the extents of the columns. It is broken where data is missing. */
function drawTrace(
  context: CanvasRenderingContext2D,
  next: Drawn,
  columns: ColumnStore,
  ink: LaneInk,
  from: number,
): void {
  if (!next.scale) return;
  const { low, high } = next.scale;
  const y = (value: number) => next.height - ((value - low) / (high - low)) * next.height;
  const left = next.end - next.width;
  const join = Math.max(1, Math.ceil(ink.joinWithin / next.dt));
  context.strokeStyle = ink.color;
  context.lineWidth = 1.4 * ink.ratio;
  context.lineJoin = 'round';
  context.beginPath();
  let before = NaN;
  for (
    let column = Math.max(columns.start, left + from - join - 1);
    column < Math.min(columns.end, next.end);
    column++
  ) {
    const min = columns.minAt(column);
    if (Number.isNaN(min)) continue;
    const max = columns.maxAt(column);
    const x = column - left + 0.5;
    // Also after its own value where nothing joins it: a lone sample is a dot.
    if (!(column - before <= join)) context.moveTo(x - 0.5, y(min));
    context.lineTo(x, y(max));
    if (max !== min) context.lineTo(x, y(min));
    before = column;
  }
  context.stroke();
}
