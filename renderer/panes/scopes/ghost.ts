/** A kept window under the live traces: columns of its own, moved so that the two lie on each other. */
import type { ScopeBlock } from '../../../common/contract/bulk-scope.ts';
import type { ScopeView } from '../../../common/contract/capture.ts';
import { ColumnStore } from './column-store.ts';
import { drawTrace } from './draw.ts';
import type { Scale } from './scale.ts';
import type { ScopeFeed } from './scope-feed.ts';
import type { Axis } from './time-axis.ts';

/** A stretch of the past, and how it lies on the live axis. Times in microseconds since 1970. */
export interface GhostWindow {
  channels: string[];
  from: number;
  to: number;
  /** Null: the right edges lie on each other; else the moment `of` the window on the live moment `on`. */
  anchor: { of: number; on: number } | null;
}

export interface Ghost {
  attach(id: string, canvas: HTMLCanvasElement | null): void;
  setWindow(window: GhostWindow | null): void;
  setFeed(feed: ScopeFeed | null): void;
  take(view: ScopeView, blocks: ScopeBlock[]): void;
  /** Smallest and largest value of a channel that are shown; null when there are none. */
  extent(id: string, axis: Axis): { min: number; max: number } | null;
  paint(axis: Axis, lanes: GhostLane[], ratio: number): void;
}

/** What of a live lane its ghost follows. */
export interface GhostLane {
  id: string;
  scale: Scale | null;
  joinWithin: number;
}

/** Darker than any trace, and laid over them by the lighter of each colour: so it lies under them. */
const ink = '#5d6675';
/** Columns asked for beside what is shown, in screens. */
const sideScreens = 1;
const storeScreens = 6;

/** Columns by which the window is moved to the right. */
export function shiftOf(window: Pick<GhostWindow, 'to' | 'anchor'>, axis: Axis): number {
  const { to, anchor } = window;
  if (!anchor) return axis.end - Math.ceil(to / axis.dt);
  return Math.floor(anchor.on / axis.dt) - Math.floor(anchor.of / axis.dt);
}

export function createGhost(): Ghost {
  const canvases = new Map<string, HTMLCanvasElement>();
  let columns = new Map<string, ColumnStore>();
  let window: GhostWindow | null = null;
  let feed: ScopeFeed | null = null;
  let asked: ScopeView | null = null;
  let shownDt = 0;
  /** What the canvases show; empty: nothing. */
  let painted = '';
  let revision = 0;

  const startOver = () => {
    columns = new Map();
    asked = null;
    revision++;
  };

  /** Asks for what of the window is on the screen, unless it was asked for. */
  const ask = (axis: Axis, { channels, from, to }: GhostWindow, shift: number) => {
    const start = Math.max(from, (axis.end - axis.width - shift) * axis.dt);
    const end = Math.min(to, (axis.end - shift) * axis.dt);
    if (!feed || end <= start) return;
    if (asked?.dt === axis.dt && asked.from <= start && (asked.to ?? 0) >= end) return;
    const side = axis.width * axis.dt * sideScreens;
    asked = { channels, dt: axis.dt, from: Math.max(from, start - side), to: Math.min(to, end + side) };
    feed.show(asked);
  };

  const paintLane = (axis: Axis, shift: number, lane: GhostLane, ratio: number) => {
    const canvas = canvases.get(lane.id);
    const context = canvas?.getContext('2d');
    if (!canvas || !context) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    const store = columns.get(lane.id);
    if (!store) return;
    const own = { ...axis, end: axis.end - shift, height: canvas.height, scale: lane.scale, version: 0 };
    drawTrace(context, own, store, { color: ink, joinWithin: lane.joinWithin, ratio }, 0);
  };

  const clear = () => {
    if (painted === '') return;
    for (const canvas of canvases.values())
      canvas.getContext('2d')?.clearRect(0, 0, canvas.width, canvas.height);
    painted = '';
  };

  return {
    attach(id, canvas) {
      if (canvas) canvases.set(id, canvas);
      else canvases.delete(id);
      revision++;
    },
    setWindow(next) {
      window = next;
      startOver();
    },
    setFeed(next) {
      feed = next;
      startOver();
    },
    take(view, blocks) {
      for (const block of blocks) {
        const id = block.kind === 'columns' ? view.channels[block.channel] : undefined;
        if (block.kind !== 'columns' || id === undefined) continue;
        if (view.dt !== shownDt) columns = new Map();
        shownDt = view.dt;
        const store = columns.get(id) ?? new ColumnStore(Math.max(8192, block.min.length * storeScreens));
        columns.set(id, store);
        if (block.replaces) store.clear();
        store.write(block.first, block.min, block.max);
        revision++;
      }
    },
    extent(id, axis) {
      const store = columns.get(id);
      if (!window || !store || shownDt !== axis.dt) return null;
      const end = axis.end - shiftOf(window, axis);
      return store.extent(end - axis.width, end);
    },
    paint(axis, lanes, ratio) {
      if (!window) return clear();
      const shift = shiftOf(window, axis);
      ask(axis, window, shift);
      // Columns of another width wait for their own data rather than being drawn at false times.
      if (shownDt !== axis.dt) return;
      const now = `${revision} ${axis.end - shift} ${axis.width} ${sizesOf(canvases)} ${JSON.stringify(lanes)}`;
      if (now === painted) return;
      painted = now;
      for (const lane of lanes) paintLane(axis, shift, lane, ratio);
    },
  };
}

function sizesOf(canvases: Map<string, HTMLCanvasElement>): string {
  return [...canvases.values()].map(({ width, height }) => `${width}x${height}`).join();
}
