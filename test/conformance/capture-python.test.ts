import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createCapture, recoverCapture } from '../../main/capture/index.ts';

/** A reader of another origin: written from the specification, in another language, with no library for MCAP. */
const script = fileURLToPath(new URL('./read_mcap.py', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;
const start = 1_795_000_000_000_000;

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-peer-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Found {
  samples: Record<string, { t: number[]; v: number[] }>;
  rejected: [string, string, string, number][];
  metadata: [string, Record<string, string>][];
  topics: string[];
}

const readByPython = (path: string): Found =>
  JSON.parse(execFileSync('python3', [script, path], { encoding: 'utf8', maxBuffer: 1 << 28 })) as Found;

async function record() {
  const clock = { boot: 'boot', mono: () => 0, now: () => start };
  const capture = createCapture({ platform: { clock } });
  await capture.start({ folder, captureId: 'one' });
  capture.addDevice('cell', [{ id: 'cell/weight', name: 'Weight', unit: 'g', kind: 'linear' }]);
  const t = Float64Array.from({ length: 20_000 }, (_, i) => start + i * 12_500);
  const v = t.map((_, i) => Math.fround(Math.sin(i) * 500));
  for (let i = 0; i < t.length; i += 40) {
    capture.push([
      { channel: 'cell/weight', seq: i / 40, t: t.subarray(i, i + 40), v: v.subarray(i, i + 40) },
    ]);
    if (i % 2000 === 0) await capture.flush();
  }
  capture.pushRejected({
    device: 'cell',
    at: start + 9,
    bytes: Uint8Array.of(0, 255),
    reason: 'no line',
    cut: 7,
  });
  capture.noteLoss(['cell/weight'], start + 20_000 * 12_500, 3, 'samples were lost');
  return { capture, t: [...t], v: [...v] };
}

test.skipIf(!hasPython)(
  'a reader written from the specification finds every sample, checksum and index right',
  async () => {
    const { capture, t, v } = await record();
    const part = await capture.copyPart(join(folder, 'part.mcap'));
    const whole = await capture.close();
    for (const { path } of [part, whole]) {
      const found = readByPython(path);
      expect(found.samples['cell/weight']).toEqual({ t, v });
      expect(found.rejected).toEqual([['cell/rejected-bytes', '00ff', 'no line', 7]]);
      expect(found.metadata).toMatchObject([['warroom.gap', { lost: '3', reason: 'samples were lost' }]]);
      expect(found.topics).toEqual(['cell/rejected-bytes', 'cell/weight']);
    }
  },
);

test.skipIf(!hasPython)('so are a recovered file and a window kept as evidence', async () => {
  const { capture, t, v } = await record();
  const { path } = await capture.close();
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, Math.floor(bytes.length / 2)));
  await recoverCapture(path);
  const kept = readByPython(path).samples['cell/weight']!.t;
  expect(kept).toEqual(t.slice(0, kept.length));
  expect(kept.length).toBeGreaterThan(t.length / 3);

  const pieces: Uint8Array[] = [];
  const window = await capture.exportWindow(['cell/weight'], t[5000]!, t[9000]!);
  for await (const piece of window) pieces.push(piece);
  await writeFile(join(folder, 'window.mcap'), Buffer.concat(pieces));
  const found = readByPython(join(folder, 'window.mcap'));
  expect(found.samples['cell/weight']).toEqual({ t: t.slice(5000, 9000), v: v.slice(5000, 9000) });
});
