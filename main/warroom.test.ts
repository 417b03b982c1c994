import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Action } from '../common/incident/roles.ts';
import { createNodePlatform } from './platform/node/index.ts';
import { createWarRoom } from './warroom.ts';

async function roomHere() {
  const dataDir = mkdtempSync(join(tmpdir(), 'warroom-room-'));
  const logged: string[] = [];
  const room = await createWarRoom({
    platform: createNodePlatform({ dataDir }),
    dataDir,
    ephemeral: true,
    log: (message) => void logged.push(message),
  });
  onTestFinished(async () => {
    await room.close();
    rmSync(dataDir, { recursive: true, force: true });
    expect(logged).toEqual([]);
  });
  const caller = room.caller(room.hostSeat, () => {
    throw new Error('no stream is opened here');
  });
  const call = (action: Action) => caller.call('test', action, null, undefined);
  return { room, handlers: room.handlers, call };
}

it('an export that runs when its incident is left is ended first, and how it ended is in the ledger', async () => {
  const { room, handlers, call } = await roomHere();
  const { incident } = await handlers.room.declare({ title: 'Left', severity: 3 }, call('incident.declare'));
  const { folder } = room.room.ledger();
  const { task } = await handlers.bundle.export(undefined, call('bundle.export'));
  await handlers.room.leave(undefined, call('incident.declare'));
  expect(room.tasks.get(task)).toMatchObject({ state: 'cancelled' });
  expect(existsSync(join(folder, 'exporting'))).toBe(false);
  expect(readdirSync(join(folder, 'exports'))).toEqual([]);
  await handlers.room.open({ incident }, call('incident.declare'));
  const ledger = room.room.ledger();
  const exports = ledger.range(0, ledger.size).filter(({ head }) => head.type.startsWith('bundle.'));
  expect(exports.map(({ head }) => head.type)).toEqual(['bundle.exported', 'bundle.failed']);
  expect(exports[1]!.body.data).toMatchObject({ export: exports[0]!.head.id });
});
