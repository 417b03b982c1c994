import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { expectExactLoss, expectNothingLost, killCapture } from '../fakes/kill-capture.ts';

it('a capture killed 60 times opens elsewhere each time, with all that was flushed and an exact loss', async () => {
  let samples = 0;
  let cut = 0;
  for (let i = 0; i < 60; i++) {
    const isPowerCut = i % 4 === 3;
    const folder = await mkdtemp(join(tmpdir(), 'warroom-killed-'));
    try {
      const killed = await killCapture(folder, {
        delayMs: Math.random() * 400,
        blocks: i % 2 === 0 ? 1e9 : 1 + Math.floor(Math.random() * 8),
        ...(i % 5 === 0 && { recoveryMs: Math.random() * 60 }),
        ...(isPowerCut && { unsyncedBytes: Math.floor(Math.random() * 100_000) }),
      });
      if (isPowerCut) expectExactLoss(killed);
      else expectNothingLost(killed);
      samples += killed.told;
      cut += killed.cut.filter(({ bytesLost }) => bytesLost > 0).length;
    } finally {
      await rm(folder, { recursive: true });
    }
  }
  expect(samples).toBeGreaterThan(1_000_000);
  process.stdout.write(
    `${samples} samples were flushed; ${cut} of the last files were cut in the middle of a record\n`,
  );
});
