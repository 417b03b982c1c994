import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RigMakeup } from '../../common/contract/drill.ts';
import { microsOf } from '../../common/lib/clock.ts';
import { createNodePlatform } from '../../main/platform/node/index.ts';
import { createWarRoom } from '../../main/warroom.ts';

/** A room in a drill, and its channels once each has told something after the drill began. */
async function drill(makeup: RigMakeup, live: string[], liveMicros = 0) {
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
    const isLive = (id: string) =>
      channels.some((channel) => channel.id === id && channel.last > began + liveMicros);
    if (live.every(isLive)) break;
  }
  return { room, capture, began };
}

it('a drill begins with ten minutes of what its devices printed, read by their own readers, and goes on from there', async () => {
  const { room, capture, began } = await drill({}, ['cell-a/raw', 'beam/beam'], 1.5e6);
  const ledger = room.room.ledger();
  const entries = ledger.range(0, ledger.size);
  const started = entries.find(({ head }) => head.type === 'drill.started')!;
  expect(started.body.data).toMatchObject({ seed: 7, historySeconds: 600 });
  const until = microsOf(started.head.at);
  for (const [id, longest, rate] of [
    ['cell-a/raw', 50_000, 80],
    ['cell-a/weight', 50_000, 80],
    ['cell-b/raw', 50_000, 80],
    ['beam/beam', 1_050_000, 1.6],
  ] as const) {
    const { t } = capture.series(id)!.slice(0, 100_000);
    const past = t.filter((time) => time < until);
    expect(until - past[0]!).toBeGreaterThan(590e6);
    expect(Math.abs(past.length / 600 / rate - 1)).toBeLessThan(0.06);
    const intervals = t.slice(1).map((time, i) => time - t[i]!);
    expect(Math.min(...intervals)).toBeGreaterThan(0);
    expect(Math.max(...intervals.slice(0, past.length - 1))).toBeLessThan(longest);
    expect(t.at(-1)!).toBeGreaterThan(began);
  }
  // Nothing is lost, and no fault is named where none is.
  expect(entries.filter(({ head }) => ['gap.lost', 'check.found'].includes(head.type))).toEqual([]);
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
