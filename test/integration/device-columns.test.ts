import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openIncident } from '../../main/open-incident.ts';
import { createServices } from '../../main/services/index.ts';
import { createMemoryLedger } from '../fakes/memory-ledger.ts';
import { cell, openLine, openRoom } from './devices-room.ts';

const idle = {
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
  sealOpenParts: () => Promise.resolve([]),
};

async function openHere() {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-columns-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const room = openRoom();
  const ledger = await createMemoryLedger({ folder, clock: room.clock });
  const parts = await openIncident({
    ledger,
    platform: { clock: room.clock },
    devices: room.devices,
    services: createServices({ platform: { clock: room.clock } }),
    terminal: idle,
    log: (message) => expect.fail(message),
  });
  onTestFinished(() => parts.close());
  return { room, ledger, capture: parts.capture };
}

it('records channels that only the lines of a device tell, and writes down what it has', async () => {
  const { room, ledger, capture } = await openHere();
  const line = openLine();
  const announced: string[][] = [];
  room.devices.onChannels(({ added }) => announced.push(added.map(({ id }) => id)));
  room.devices.connect({ ...cell('plot', line.path), dialect: 'teleplot' });
  const connected = await ledger.next('device.connected');
  expect(connected.body.data.channels).toEqual([]);

  await line.write('weight:12.5§g\n'.repeat(3));
  const first = await ledger.next('device.channels');
  expect(first.body.data).toMatchObject({ device: 'plot', channels: [{ id: 'plot/weight', unit: 'g' }] });
  await room.until(() => room.channel('plot/weight').v.length > 0);
  await line.write('weight:13§g\ntemp:21.5§°C\n'.repeat(3));
  const second = await ledger.next('device.channels', ({ channels }) => channels.length === 2);
  expect(second.body.data.channels.map(({ id }) => id)).toEqual(['plot/weight', 'plot/temp']);
  await room.until(() => room.channel('plot/temp').v.length > 0);
  expect(announced).toEqual([['plot/weight'], ['plot/temp']]);
  expect(ledger.state.devices.plot?.channels).toHaveLength(2);
  expect(room.health('plot')?.channels.map(({ id }) => id)).toEqual(['plot/weight', 'plot/temp']);
  const temp = capture.series('plot/temp')!;
  expect(temp.lastTime).toBeGreaterThan(temp.firstTime - 1);

  // A new process tells its columns again: they are no news.
  process.kill(room.children[0]!.pid!, 'SIGKILL');
  await room.until(() => room.links.length === 3);
  const before = room.channel('plot/temp').v.length;
  await line.write('temp:22§°C\nweight:14§g\n'.repeat(3));
  await room.until(() => room.channel('plot/temp').v.length > before);
  expect(announced).toHaveLength(2);
  expect(ledger.of('device.channels')).toHaveLength(2);
});

it('keeps what a firmware says of itself', async () => {
  const { room } = await openHere();
  const line = openLine();
  room.devices.connect({ ...cell('a', line.path), dialect: 'hx711-reading' });
  await room.until(() => room.health('a')?.state === 'connected');
  await line.write('HX711 reading: 5\nHX711 not found.\n');
  await room.until(() => room.health('a')?.remarks.length === 1);
  expect(room.health('a')?.remarks[0]).toMatchObject({ text: 'HX711 not found.', severity: 'error' });
  expect(room.health('a')?.rejectedBytes).toBe(0);
});
