/** What the pages of this bench have in common: canvases, frames that are painted whole, and series. */
import { createSeries, type Series } from '../../../common/signal/series.ts';

export const width = 1440;
export const start = 1_795_000_000_000_000;

export function makeCanvas(place: string, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  document.querySelector(place)!.append(canvas);
  return canvas;
}

/**
 * Reading one pixel back makes the browser paint all that was drawn before it: without it only the time to note down
 * the strokes would be measured.
 */
export function rasterise(canvas: HTMLCanvasElement): void {
  canvas.getContext('2d')!.getImageData(0, 0, 1, 1);
}

export function nextFrame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}

/** A noise that is the same each time (mulberry32), about −1 to 1. */
export function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** `count` samples of noise on a slow wave, `step` microseconds apart. */
export function filledSeries(count: number, step: number, change?: (values: Float64Array) => void): Series {
  const series = createSeries({ kind: 'linear', maxSamples: count + 65_536 });
  const random = noise(7);
  const t = Float64Array.from({ length: count }, (_, i) => start + i * step);
  const v = Float64Array.from({ length: count }, (_, i) => Math.sin(i / 50_000) + random() * 0.3);
  change?.(v);
  series.append(t, v);
  return series;
}
