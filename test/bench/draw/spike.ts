import { createScopeEngine } from '../../../renderer/panes/scopes/scope-engine.ts';
import { createLocalFeed } from './local-feed.ts';
import { filledSeries, makeCanvas, start, width } from './page.ts';

const points = 10_000_000;
const step = 12_500;
const height = 300;
const spikeAt = 6_543_210;
/** The noise stays under 1.3. */
const spike = 5;
const spans = [points * step, 3.6e9, 60e6, 1e6];

/** Whether one sample in ten million is seen by the pixels of the canvas, at each zoom about it and nowhere else. */
export function spikeSeen(): boolean[] {
  const id = 'cell/raw';
  const series = new Map([[id, filledSeries(points, step, (values) => (values[spikeAt] = spike))]]);
  const end = start + points * step;
  return spans.map((span) => {
    const engine = createScopeEngine(() => end);
    const canvas = makeCanvas('#wide', height);
    engine.attach(id, canvas);
    engine.setLanes([{ id, color: '#5aa9ff', joinWithin: step * 4, isStep: false }]);
    engine.setSize(width, 1);
    const { feed, pump } = createLocalFeed(engine, series);
    engine.setFeed(feed);
    const at = start + spikeAt * step;
    engine.setWindow(span, Math.min(end, at + span / 2));
    pump(end);
    engine.paint();
    const { dt, end: last } = engine.axis();
    const expected = Math.floor(at / dt) - (last - width);
    const found = columnsAtTop(canvas);
    canvas.remove();
    return found.length > 0 && found.every((x) => Math.abs(x - expected) <= joined(span));
  });
}

/** A stroke to the spike starts at the sample before and ends at the one after. */
const joined = (span: number) => Math.ceil((step / span) * width) + 2;

/** Columns with the trace's blue in the upper quarter, where only the spike reaches. */
function columnsAtTop(canvas: HTMLCanvasElement): number[] {
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, height / 4);
  const columns = new Set<number>();
  for (let i = 0; i < data.length; i += 4) if (data[i + 2]! > 110) columns.add((i / 4) % canvas.width);
  return [...columns];
}
