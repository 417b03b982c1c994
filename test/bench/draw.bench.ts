import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { build } from 'vite';
import { provideChromium } from '../../build/system.ts';
import config from '../../playwright.config.ts';
import type { DrawBench } from './draw/main.ts';
import type { Bar, Figure } from './types.ts';

export const name = 'draw';
export const bars: Record<string, Bar> = {
  draw_p95_ms: { max: 8 },
  uplot_ratio: { min: 5 },
  spike_seen: { min: 1 },
};

const liveFrames = 900;
const panFrames = 150;

declare const bench: DrawBench;

/** The scopes' own drawing in a real browser, built from the same sources as the page. */
export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'warroom-draw-'));
  await build({
    root: join(import.meta.dirname, 'draw'),
    base: './',
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true, minify: true, target: 'esnext' },
  });
  const server = await serve(folder);
  try {
    return await inBrowser(`http://127.0.0.1:${(server.address() as AddressInfo).port}/index.html`, measure);
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

async function measure(page: Page): Promise<Figure[]> {
  const frames = await page.evaluate((count) => bench.liveFrames(count), liveFrames);
  frames.sort((a, b) => a - b);
  const ours = await page.evaluate((count) => bench.ourFrames(count), panFrames);
  const theirs = await page.evaluate((count) => bench.peerFrames(count), panFrames);
  const seen = await page.evaluate(() => bench.spikeSeen());
  return [
    { metric: 'draw_p95_ms', value: frames[Math.floor(frames.length * 0.95)]!, unit: 'ms' },
    { metric: 'pan_frames_per_s', value: ours, unit: '/s' },
    { metric: 'uplot_frames_per_s', value: theirs, unit: '/s' },
    { metric: 'uplot_ratio', value: ours / theirs, unit: '' },
    { metric: 'spike_seen', value: seen.every(Boolean) ? 1 : 0, unit: '' },
  ];
}

async function inBrowser<T>(url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const executablePath = await provideChromium();
  if (!executablePath) throw new Error('There is no Chromium to draw in.');
  const browser = await chromium.launch({ ...config.use?.launchOptions, executablePath });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 });
    page.on('pageerror', (error) => process.stderr.write(`${error.stack ?? error.message}\n`));
    await page.goto(url);
    return await work(page);
  } finally {
    await browser.close();
  }
}

/** Loopback only: the page's files, with the headers that give it a fine clock (5 µs instead of 100). */
async function serve(folder: string): Promise<Server> {
  const types: Record<string, string> = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://x').pathname;
    readFile(join(folder, path)).then(
      (bytes) =>
        response
          .writeHead(200, {
            'content-type': types[extname(path)] ?? 'application/octet-stream',
            'cross-origin-opener-policy': 'same-origin',
            'cross-origin-embedder-policy': 'require-corp',
          })
          .end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
