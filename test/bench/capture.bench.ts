import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCapture, replayCapture, type Capture } from '../../main/capture/index.ts';
import { createDevices } from '../../main/devices/index.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';
import type { Bar, Figure } from './types.ts';

export const name = 'capture';
export const bars: Record<string, Bar> = {
  samples_per_s: { min: 100_000 },
  samples_lost: { max: 0 },
};

const seconds = 8;
const channel = 'board/raw';

/**
 * A board that counts, as fast as a PTY takes it → the device-host → the capture's file. Each sample is its own number:
 * read back from the file, every one must be there, once and in order.
 */
export async function run(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'warroom-capture-'));
  const sender = fork(join(import.meta.dirname, 'parts', 'frame-sender.ts'), [`${seconds}`]);
  try {
    const [{ path }] = (await once(sender, 'message')) as [{ path: string }];
    const { file, sent, tookMs } = await record(folder, path, sender);
    const found = await countersOf(file);
    if (found.rows !== sent)
      process.stderr.write(`${sent} samples were sent, ${found.rows} are in the file\n`);
    return [
      { metric: 'samples_per_s', value: Math.round((found.inOrder / tookMs) * 1000), unit: '1/s' },
      { metric: 'samples_lost', value: sent - found.inOrder, unit: '' },
      { metric: 'samples_sent', value: sent, unit: '' },
    ];
  } finally {
    sender.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sends and records. The time ends when all is in the file. */
async function record(
  folder: string,
  path: string,
  sender: ChildProcess,
): Promise<{ file: string; sent: number; tookMs: number }> {
  const platform = createNodePlatform({ dataDir: folder });
  const complain = (problem: unknown) => {
    if (problem) throw problem as Error;
  };
  const capture = createCapture({ platform, onProblem: complain, onPyramidProblem: complain });
  const { path: file } = await capture.start({ folder, captureId: 'bench' });
  const devices = createDevices({ platform });
  devices.onLink(({ device, channels }) => capture.addDevice(device, channels));
  devices.onChannels(({ device, added }) => capture.addDevice(device, added));
  devices.onBlocks((blocks) => capture.push(blocks));
  const isConnected = new Promise<void>((resolve) => devices.onLink(() => resolve()));
  devices.connect({
    id: 'board',
    name: 'Board',
    dialect: 'frames',
    link: { by: 'path', path, baud: 115_200 },
  });
  await isConnected;

  const began = performance.now();
  sender.send('go');
  const [{ sent }] = (await once(sender, 'message')) as [{ sent: number }];
  await taken(capture, sent);
  await capture.flush();
  const tookMs = performance.now() - began;
  await devices.close();
  await capture.close();
  sender.send('end');
  return { file, sent, tookMs };
}

/** Resolves when so many samples are in the series, or no more come. */
async function taken(capture: Capture, samples: number): Promise<void> {
  for (let known = -1, next = 0; next < samples && next > known; next = capture.series(channel)?.count ?? 0) {
    known = next;
    await new Promise((resolve) => setTimeout(resolve, known === 0 ? 1000 : 500));
  }
}

/** How many rows the file has, and how many of the numbers 0, 1, 2 … stand in it in order. */
async function countersOf(file: string): Promise<{ rows: number; inOrder: number }> {
  let rows = 0;
  let inOrder = 0;
  let last = -1;
  for await (const item of replayCapture(file)) {
    if (item.kind !== 'samples' || item.channel.id !== channel) continue;
    for (const value of item.samples.v) {
      rows++;
      if (value <= last) continue;
      inOrder++;
      last = value;
    }
  }
  return { rows, inOrder };
}
