import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Bar, Figure } from './types.ts';

const RUNS = 5;
const LIMIT_MS = 20_000;
const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js');

export const name = 'ready';
export const bars: Record<string, Bar> = { host_ready_ms: { max: 2500 } };

/** From starting the host on an empty data folder to its first page answered in full: the median of five. */
export async function run(): Promise<Figure[]> {
  const times: number[] = [];
  for (let index = 0; index < RUNS; index += 1) times.push(await timeToPage());
  times.sort((a, b) => a - b);
  return [{ metric: 'host_ready_ms', value: times[Math.floor(RUNS / 2)]!, unit: 'ms' }];
}

async function timeToPage(): Promise<number> {
  const data = await mkdtemp(join(tmpdir(), 'warroom-ready-'));
  const started = performance.now();
  const args = [cli, 'serve', '--headless', '--port', '0', '--data', data];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const page = await fetch(await firstAddress(child.stdout));
    const text = await page.text();
    if (!page.ok || !text.includes('<html'))
      throw new Error(`the host answered ${page.status} without a page`);
    return performance.now() - started;
  } finally {
    child.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  }
}

/** The origin of the first loopback address printed. The output stays read: a host that can't print must not stop. */
function firstAddress(output: Readable): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const late = setTimeout(() => reject(new Error(`no address within ${LIMIT_MS} ms: ${text}`)), LIMIT_MS);
    output.on('data', (part: Buffer) => {
      text += part.toString('utf8');
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text);
      if (!address) return;
      clearTimeout(late);
      resolve(address[0]);
    });
    output.once('end', () => {
      clearTimeout(late);
      reject(new Error(`the host ended before it printed its address: ${text.slice(-400)}`));
    });
  });
}
