import { createSeries } from '../../../common/signal/series.ts';
import { createScopeEngine } from '../../../renderer/panes/scopes/scope-engine.ts';
import { createLocalFeed } from './local-feed.ts';
import { makeCanvas, nextFrame, noise, rasterise, start, width } from './page.ts';

const lanes = 6;
const laneHeight = 90;
const span = 20_000_000;
const frameMicros = 1e6 / 60;
const samplesPerSecond = 80.6;
/** A minute is there before, so that every column of the view is filled. */
const before = 60_000_000;

/** Milliseconds of script and raster of each of `frames` frames with six live channels, the axis moving with the time. */
export async function liveFrames(frames: number): Promise<number[]> {
  const ids = Array.from({ length: lanes }, (_, i) => `cell-${i}/raw`);
  const series = new Map(ids.map((id) => [id, createSeries({ kind: 'linear' })]));
  let now = start;
  const engine = createScopeEngine(() => now);
  const canvases = ids.map((id) => {
    const canvas = makeCanvas('#lanes', laneHeight);
    engine.attach(id, canvas);
    return canvas;
  });
  engine.setLanes(ids.map((id) => ({ id, color: '#5aa9ff', joinWithin: 50_000, isStep: false })));
  engine.setSize(width, 1);
  const random = noise(3);
  let sampled = start;
  const sampleUntil = (time: number) => {
    for (; sampled <= time; sampled += 1e6 / samplesPerSecond)
      for (const each of series.values())
        each.append([sampled], [Math.sin(sampled / 4e5) * 3e4 + random() * 38]);
  };
  now += before;
  sampleUntil(now);
  const { feed, pump } = createLocalFeed(engine, series);
  pump(now);
  engine.setFeed(feed);
  engine.setWindow(span, null);
  const times: number[] = [];
  for (let frame = 0; frame < frames; frame++) {
    await nextFrame();
    now += frameMicros;
    sampleUntil(now);
    const began = performance.now();
    pump(now);
    engine.paint();
    canvases.forEach(rasterise);
    times.push(performance.now() - began);
  }
  for (const canvas of canvases) canvas.remove();
  return times;
}
