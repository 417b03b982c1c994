import uPlot from 'uplot';
import { createScopeEngine } from '../../../renderer/panes/scopes/scope-engine.ts';
import { createLocalFeed } from './local-feed.ts';
import { filledSeries, makeCanvas, rasterise, start, width } from './page.ts';

const points = 1_000_000;
const step = 12_500;
const height = 300;
/** The view shows nine tenths of the points and moves over the rest, back and forth. */
const shownShare = 0.9;
const total = points * step;
const span = total * shownShare;

/** Where the view begins in frame `i`, in microseconds from the first point. */
const panAt = (i: number, frames: number) =>
  (total - span) * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / frames));

/** Frames a second of our engine: each moves the view, asks for what it lacks, and paints. */
export function ourFrames(frames: number): number {
  const id = 'cell/raw';
  const series = new Map([[id, filledSeries(points, step)]]);
  const engine = createScopeEngine(() => start + total * 2);
  const canvas = makeCanvas('#wide', height);
  engine.attach(id, canvas);
  engine.setLanes([{ id, color: '#5aa9ff', joinWithin: step * 4, isStep: false }]);
  engine.setSize(width, 1);
  const { feed, pump } = createLocalFeed(engine, series);
  engine.setFeed(feed);
  const draw = (i: number) => {
    engine.setWindow(span, start + panAt(i, frames) + span);
    pump(start + total * 2);
    engine.paint();
    rasterise(canvas);
  };
  draw(0);
  const began = performance.now();
  for (let i = 1; i <= frames; i++) draw(i);
  const seconds = (performance.now() - began) / 1000;
  canvas.remove();
  return frames / seconds;
}

/** Frames a second of uPlot on the same points, canvas and views. */
export async function peerFrames(frames: number): Promise<number> {
  const series = filledSeries(points, step);
  const { t, v } = series.slice(0, points);
  const x = Array.from(t, (time) => (time - start) / 1e6);
  const place = document.querySelector<HTMLElement>('#peer')!;
  const plot = new uPlot(
    {
      width,
      height,
      legend: { show: false },
      cursor: { show: false },
      axes: [{ show: false }, { show: false }],
      scales: { x: { time: false }, y: { auto: false, range: [-1.5, 1.5] } },
      series: [{}, { stroke: '#5aa9ff', width: 1.4, points: { show: false } }],
    },
    [x, Array.from(v)],
    place,
  );
  const draw = async (i: number) => {
    const min = panAt(i, frames) / 1e6;
    plot.setScale('x', { min, max: min + span / 1e6 });
    // uPlot paints in a microtask of its own.
    await Promise.resolve();
    await Promise.resolve();
    rasterise(plot.ctx.canvas);
  };
  await draw(0);
  const began = performance.now();
  for (let i = 1; i <= frames; i++) await draw(i);
  const seconds = (performance.now() - began) / 1000;
  plot.destroy();
  return frames / seconds;
}
