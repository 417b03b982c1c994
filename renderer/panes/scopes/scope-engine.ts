/** All lanes together: one view at the host, one axis, one loop of frames. It knows no React. */
import type { ScopeBlock } from '../../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../../common/contract/capture.ts';
import { ColumnStore } from './column-store.ts';
import { areLevels, digitalScale } from './digital.ts';
import { drawLane, type LaneGap, type LaneInk, type LaneMark } from './draw.ts';
import { planPaint, type Drawn } from './draw-plan.ts';
import { createGhost, type Ghost } from './ghost.ts';
import { nextScale, type Scale } from './scale.ts';
import type { ScopeFeed } from './scope-feed.ts';
import { axisAt, divisionOf, endOf, startOf, type Axis } from './time-axis.ts';

export interface LaneSpec {
  id: string;
  color: string;
  /** Values further apart are not joined, microseconds. */
  joinWithin: number;
  /** A channel that holds its values: two levels are drawn as such. */
  isStep: boolean;
}

interface Lane {
  spec: LaneSpec;
  columns: ColumnStore;
  canvas: HTMLCanvasElement | null;
  drawn: Drawn | null;
  scale: Scale | null;
  dirty: number | null;
  gaps: LaneGap[];
  version: number;
}

/** What a lane shows in numbers. */
export interface Reading {
  last: number;
  /** The end of the newest column that has a value, microseconds since 1970. */
  lastAt: number;
  min: number;
  max: number;
}

export interface ScopeEngine {
  /** The kept window under the traces. */
  readonly ghost: Ghost;
  setLanes(specs: LaneSpec[]): void;
  attach(id: string, canvas: HTMLCanvasElement | null): void;
  /** Device pixels of every lane's width, and how many make one CSS pixel. */
  setSize(width: number, ratio: number): void;
  setWindow(span: number, end: number | null): void;
  setMarks(marks: LaneMark[]): void;
  setGaps(gaps: (LaneGap & { channels: string[] | null })[]): void;
  /** A new link: its feed. Null while there is none. */
  setFeed(feed: ScopeFeed | null): void;
  take(view: ScopeView, blocks: ScopeBlock[]): void;
  axis(): Axis;
  step(): number;
  reading(id: string): Reading | null;
  /** The extent of one column. */
  valueAt(id: string, column: number): { min: number; max: number } | null;
  /** Paints what changed; called once a frame. */
  paint(): void;
}

const storeScreens = 4;
/** Columns asked for on both sides of a held view, so that a drag finds them there, in screens. */
const sideScreens = 0.5;
const divisionRoom = 90;

export function createScopeEngine(hostNow: () => number): ScopeEngine {
  const ghost = createGhost();
  let lanes: Lane[] = [];
  /** By channel: a canvas is there before its lane is, and stays while lanes change. */
  const canvases = new Map<string, HTMLCanvasElement>();
  let width = 600;
  let ratio = 1;
  let span = 20_000_000;
  let end: number | null = null;
  let marks: LaneMark[] = [];
  let known: (LaneGap & { channels: string[] | null })[] = [];
  let feed: ScopeFeed | null = null;
  let present = 0;
  let shownDt = 0;
  let asked: ScopeView | null = null;

  const axis = () => axisAt(span, width, end ?? (present || hostNow()));
  const newLane = (spec: LaneSpec): Lane => ({
    spec,
    columns: new ColumnStore(width * storeScreens),
    canvas: canvases.get(spec.id) ?? null,
    drawn: null,
    scale: null,
    dirty: null,
    gaps: [],
    version: 0,
  });

  /** Asks the host for what the axis shows, unless what was asked for covers it. */
  const ask = (anew = false) => {
    if (!feed || lanes.length === 0) return;
    const shown = axis();
    const view = viewFor(
      shown,
      end,
      present || hostNow(),
      lanes.map((lane) => lane.spec.id),
    );
    if (!anew && asked && covers(asked, view, startOf(shown), end)) return;
    asked = view;
    feed.show(view);
  };

  const startOver = (dt: number) => {
    shownDt = dt;
    for (const lane of lanes) {
      lane.columns.clear();
      lane.gaps = [];
      lane.drawn = null;
    }
  };

  const takeBlock = (view: ScopeView, block: ScopeBlock) => {
    if (block.kind === 'now') {
      present = Math.max(present, block.at);
      return;
    }
    const lane = lanes.find(({ spec }) => spec.id === view.channels[block.channel]);
    if (!lane) return;
    if (block.kind === 'gap') return addGap(lane, block);
    if (block.replaces) {
      lane.columns.clear();
      lane.dirty = -Infinity;
    }
    lane.columns.write(block.first, block.min, block.max);
    lane.dirty = Math.min(lane.dirty ?? Infinity, block.first);
  };

  return {
    ghost,
    setLanes(specs) {
      const before = new Map(lanes.map((lane) => [lane.spec.id, lane]));
      const isSame = specs.length === lanes.length && specs.every((spec, i) => spec.id === lanes[i]!.spec.id);
      lanes = specs.map((spec) => {
        const lane = before.get(spec.id) ?? newLane(spec);
        lane.spec = spec;
        return lane;
      });
      if (!isSame) ask(true);
    },
    attach(id, canvas) {
      if (canvas) canvases.set(id, canvas);
      else canvases.delete(id);
      const lane = lanes.find((each) => each.spec.id === id);
      if (lane) Object.assign(lane, { canvas, drawn: null });
    },
    setSize(nextWidth, nextRatio) {
      if (nextWidth === width && nextRatio === ratio) return;
      width = nextWidth;
      ratio = nextRatio;
      lanes = lanes.map((lane) => ({ ...lane, columns: new ColumnStore(width * storeScreens), drawn: null }));
      ask(true);
    },
    setWindow(nextSpan, nextEnd) {
      span = nextSpan;
      end = nextEnd;
      ask();
    },
    setMarks(next) {
      marks = next;
      for (const lane of lanes) lane.version++;
    },
    setGaps(next) {
      known = next;
      for (const lane of lanes) lane.version++;
    },
    setFeed(next) {
      feed = next;
      asked = null;
      if (next) ask(true);
    },
    take(view, blocks) {
      if (view.dt !== shownDt && blocks.some((block) => block.kind === 'columns')) startOver(view.dt);
      for (const block of blocks) takeBlock(view, block);
    },
    axis,
    step: () => divisionOf(axis(), divisionRoom * ratio),
    reading(id) {
      const lane = lanes.find((each) => each.spec.id === id);
      const shown = axis();
      const seen = lane?.columns.extent(shown.end - shown.width, shown.end);
      return seen && shown.dt === shownDt ? { ...seen, lastAt: (seen.lastColumn + 1) * shownDt } : null;
    },
    valueAt(id, column) {
      const columns = lanes.find((each) => each.spec.id === id)?.columns;
      for (let back = 0; columns && back < 200; back++) {
        const min = columns.minAt(column - back);
        if (!Number.isNaN(min)) return { min, max: columns.maxAt(column - back) };
      }
      return null;
    },
    paint() {
      const shown = axis();
      // Columns of another width wait for their own data rather than being drawn at false times.
      if (shown.dt !== shownDt && shownDt !== 0) return;
      const step = divisionOf(shown, divisionRoom * ratio);
      for (const lane of lanes) paintLane(lane, shown, inkOf(lane, step), ghost.extent(lane.spec.id, shown));
      ghost.paint(
        shown,
        lanes.map(({ spec, scale }) => ({ id: spec.id, scale, joinWithin: spec.joinWithin })),
        ratio,
      );
    },
  };

  function inkOf(lane: Lane, step: number): LaneInk {
    const losses = known.filter(({ channels }) => !channels || channels.includes(lane.spec.id));
    const { color, joinWithin } = lane.spec;
    return { color, joinWithin, step, marks, ratio, gaps: joined([...lane.gaps, ...losses]) };
  }
}

/** The same loss is told more than once (in pieces, whole, by the ledger): each moment is drawn missing once. */
function joined(gaps: LaneGap[]): LaneGap[] {
  const result: LaneGap[] = [];
  for (const { from, to } of [...gaps].sort((a, b) => a.from - b.from)) {
    const last = result.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else result.push({ from, to });
  }
  return result;
}

function addGap(lane: Lane, { from, to }: LaneGap): void {
  const same = lane.gaps.find((gap) => gap.from === from);
  if (same && same.to >= to) return;
  if (same) same.to = to;
  else lane.gaps.push({ from, to });
  lane.version++;
}

function paintLane(lane: Lane, shown: Axis, ink: LaneInk, ghost: Extent | null): void {
  const { canvas } = lane;
  const context = canvas?.getContext('2d', { alpha: false });
  if (!canvas || !context) return;
  lane.scale = scaleOf(lane, lane.columns.extent(shown.end - shown.width, shown.end), ghost);
  const next: Drawn = { ...shown, height: canvas.height, scale: lane.scale, version: lane.version };
  // A new column is joined to the one before it, which may lie some columns back: that stretch is painted anew too.
  const back = Math.ceil(ink.joinWithin / shown.dt) + 1;
  const plan = planPaint(lane.drawn, next, lane.dirty === null ? null : lane.dirty - back);
  drawLane(context, plan, next, lane.columns, ink);
  lane.drawn = next;
  lane.dirty = null;
}

interface Extent {
  min: number;
  max: number;
}

/** The lane's next scale, so that its trace and the window under it are both in it. */
function scaleOf({ spec, scale }: Lane, seen: Extent | null, ghost: Extent | null): Scale | null {
  const all = [seen, ghost].filter((extent) => extent !== null);
  if (all.length === 0) return scale;
  if (spec.isStep && all.every(areLevels)) return digitalScale;
  const before = scale === digitalScale ? null : scale;
  return nextScale(before, Math.min(...all.map(({ min }) => min)), Math.max(...all.map(({ max }) => max)));
}

function viewFor(shown: Axis, end: number | null, now: number, channels: string[]): ScopeView {
  const margin = shown.width * shown.dt * sideScreens;
  const from = Math.max(0, startOf(shown) - margin);
  const to = endOf(shown) + margin;
  return { channels, dt: shown.dt, from, to: end === null || to >= now ? null : to };
}

function covers(asked: ScopeView, wanted: ScopeView, start: number, end: number | null): boolean {
  if (asked.dt !== wanted.dt || asked.from > start) return false;
  if (end === null) return asked.to === null;
  return asked.to === null || asked.to >= end;
}
