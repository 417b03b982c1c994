import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expectExactLoss, expectNothingLost, killCapture, type Killing } from '../fakes/kill-capture.ts';

/** Milliseconds up to `most`: no two runs kill at the same moment. */
const within = (most: number) => Math.random() * most;

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'warroom-killed-'));
  await work(folder).finally(() => rm(folder, { recursive: true }));
}

test.each<[string, Killing]>([
  ['as it begins', { delayMs: within(20), blocks: 1e9 }],
  ['in its first chunks', { delayMs: within(80), blocks: 1e9 }],
  ['with full chunks in the pyramid beside it', { delayMs: 200 + within(100), blocks: 1e9 }],
  ['where one capture is ended and the next begun', { delayMs: 60 + within(60), blocks: 3 }],
  [
    'and once more while it is made whole',
    { delayMs: 150 + within(50), blocks: 1e9, recoveryMs: within(40) },
  ],
])(
  'a capture killed %s opens elsewhere, with all that was flushed and an exact loss',
  (_when, killing) =>
    inFolder(async (folder) => {
      const killed = await killCapture(folder, killing);
      expectNothingLost(killed);
      if (killing.delayMs > 150) expect(killed.told).toBeGreaterThan(0);
    }),
  60_000,
);

test('so does one whose last bytes never came to the disk', async () => {
  for (const unsyncedBytes of [1, 1_000, 30_000])
    await inFolder(async (folder) => {
      const killed = await killCapture(folder, { delayMs: 40 + within(40), blocks: 1e9, unsyncedBytes });
      expectExactLoss(killed);
    });
}, 60_000);
