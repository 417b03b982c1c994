import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RigMakeup } from '../../common/contract/drill.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';
import { createWarRoom } from '../../main/warroom.ts';

/** A room in a drill, and its channels once each has told something after the drill began. */
async function drill(makeup: RigMakeup, live: string[]) {
  const dataDir = mkdtempSync(join(tmpdir(), 'warroom-history-'));
  const platform = createNodePlatform({ dataDir });
  const room = await createWarRoom({ platform, dataDir, ephemeral: true, log: () => undefined });
  onTestFinished(async () => {
    await room.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  await room.beginDrill(7, makeup);
  const began = platform.clock.now();
  const { capture } = room.room.parts();
  for await (const channels of capture.channels.watch()) {
    const isLive = (id: string) => channels.some((channel) => channel.id === id && channel.last > began);
    if (live.every(isLive)) break;
  }
  return { room, capture, began };
}

it('a drill begins with ten minutes of what its devices printed, read by their own readers, and goes on from there', async () => {
  const { room, capture, began } = await drill({}, ['cell-a/raw', 'beam/beam']);
  for (const id of ['cell-a/raw', 'cell-a/weight', 'cell-b/raw', 'beam/beam']) {
    const { t } = capture.series(id)!.slice(0, 100_000);
    expect(began - t[0]!).toBeGreaterThan(590e6);
    expect(began - t[0]!).toBeLessThan(610e6);
    for (let i = 1; i < t.length; i++) if (!(t[i]! > t[i - 1]!)) expect(t[i]).toBeGreaterThan(t[i - 1]!);
    // A reading each eightieth of a second, an edge or heartbeat each second; also where the past ends and the present begins.
    const longest = t.reduce((most, time, i) => (i === 0 ? 0 : Math.max(most, time - t[i - 1]!)), 0);
    expect(longest).toBeLessThan(id === 'beam/beam' ? 2e6 : 1e6);
  }
  expect(Math.abs(capture.series('cell-a/raw')!.indexAt(began) / 600 - 80)).toBeLessThan(4);
  const ledger = room.room.ledger();
  const entries = ledger.range(0, ledger.size);
  const started = entries.find(({ head }) => head.type === 'drill.started')!;
  expect(started.body.data).toMatchObject({ seed: 7, historySeconds: 600 });
  expect(entries.filter(({ head }) => head.type === 'gap.lost')).toEqual([]);
  const cell = room.devices.health.get().find(({ id }) => id === 'cell-a')!;
  expect(cell.rejectedBytes).toBe(0);
  expect(cell.linesPerSecond).toBeLessThan(200);
});

it('the columns that lines tell are known from the past on', async () => {
  const { capture, began } = await drill(
    { cellDialect: 'teleplot', beamDialect: 'beam-level', rate: 10, jetson: true },
    ['cell-b/weight', 'jetson/gr3d'],
  );
  for (const id of ['cell-a/weight', 'jetson/temp-tj', 'beam/beam'])
    expect(began - capture.series(id)!.firstTime).toBeGreaterThan(580e6);
});
