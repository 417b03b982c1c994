import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setInterval } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { openLink } from '../../native/device-host/open-link.ts';
import { cell, isRising, isWithoutJump, openLine, openRoom } from './devices-room.ts';

const counting = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const lines = (from: number, to: number) =>
  counting(from, to)
    .map((n) => `${n},${(n / 100).toFixed(2)}\n`)
    .join('');

it('loses no line of four cells at 80 a second, and stamps them as they came', async () => {
  const room = openRoom();
  const cells = ['a', 'b', 'c', 'd'].map((id) => ({ id, line: openLine() }));
  for (const { id, line } of cells) room.devices.connect(cell(id, line.path));
  await room.until(() => cells.every(({ id }) => room.health(id)?.state === 'connected'));
  const startedAt = room.clock.now();
  let printed = 0;
  for await (const _ of setInterval(25)) {
    const due = Math.floor(((room.clock.now() - startedAt) / 1e6) * 80);
    for (const { line } of cells) await line.write(lines(printed, due));
    printed = due;
    if (due >= 120) break;
  }
  const endedAt = room.clock.now();
  await room.until(() => cells.every(({ id }) => room.channel(`${id}/raw`).v.length >= printed));
  for (const { id } of cells) {
    const { t, v, seqs } = room.channel(`${id}/raw`);
    expect(v).toEqual(counting(0, printed));
    expect(room.channel(`${id}/weight`).v).toEqual(counting(0, printed).map((n) => n / 100));
    expect(isRising(t) && isWithoutJump(seqs)).toBe(true);
    expect(t[0]).toBeGreaterThan(startedAt - 20_000);
    expect(t.at(-1)).toBeLessThan(endedAt + 500_000);
    expect(t.at(-1)! - t[0]!).toBeGreaterThan(1e6);
  }
});

it('loses no line of 100 000 that come as fast as the line takes them', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('fast', line.path));
  await room.until(() => room.health('fast')?.state === 'connected');
  await line.write(lines(0, 100_000));
  await room.until(() => room.channel('fast/raw').v.length >= 100_000);
  const { t, v, seqs } = room.channel('fast/raw');
  expect(v).toEqual(counting(0, 100_000));
  expect(isRising(t) && isWithoutJump(seqs)).toBe(true);
  expect(room.losses).toEqual([]);
});

it('tells the gap of an unplug and connects again by itself when the device is back', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('a', line.path));
  await room.until(() => room.health('a')?.state === 'connected');
  await line.write(`${lines(0, 10)}4`);
  await room.until(() => room.channel('a/raw').v.length === 10);
  await line.unplug();
  await room.until(() => room.links.length === 2);
  expect(room.health('a')?.state).toBe('lost');
  expect(room.health('a')?.problem?.hint).toContain('cable');
  line.replug();
  await room.until(() => room.links.length === 3);
  await line.write(lines(10, 20));
  await room.until(() => room.channel('a/raw').v.length === 20);
  const [first, lost, again] = room.links;
  expect([first?.state, lost?.state, again?.state]).toEqual(['connected', 'lost', 'connected']);
  expect(lost?.at).toBe(room.channel('a/raw').t[9]);
  expect(again!.at).toBeGreaterThan(lost!.at);
  expect(room.channel('a/raw').t[10]).toBeGreaterThan(again!.at);
  expect(again?.channels.map(({ id }) => id)).toEqual(['a/raw', 'a/weight']);
  // The line that the unplug cut in two is not glued to the first one after it.
  expect(room.channel('a/raw').v).toEqual(counting(0, 20));
  expect(isWithoutJump(room.channel('a/raw').seqs)).toBe(true);
  await room.until(() => room.health('a')?.reconnects === 1 && room.health('a')?.rejectedBytes === 1);
});

it('keeps and counts garbage, and takes the lines around it', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('a', line.path));
  await room.until(() => room.health('a')?.state === 'connected');
  await line.write('1,1\nHX711 not found.\n2,2\n\xff\x00\n3,3\n');
  await room.until(() => room.channel('a/raw').v.length === 3 && room.rejected.length > 0);
  await room.until(() => room.rejected.reduce((sum, { bytes }) => sum + bytes.length, 0) >= 21);
  expect(Buffer.concat(room.rejected.map(({ bytes }) => bytes)).toString()).toBe(
    'HX711 not found.\n\xff\x00\n',
  );
  expect(room.rejected[0]).toMatchObject({ device: 'a', reason: 'not of the dialect hx711-csv', cut: 0 });
  await room.until(() => room.health('a')?.rejectedBytes === 19);
});

it('is not drowned by a line of 10 MB: it counts it, keeps the beginning and goes on', async () => {
  const room = openRoom();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  room.devices.connect({
    id: 'n',
    name: 'Noise',
    dialect: 'hx711-csv',
    link: { by: 'tcp', host: '127.0.0.1', port },
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => socket.destroy());
  const size = 10_000_000;
  socket.write(Buffer.alloc(size, 120));
  socket.write('\n7,7\n');
  await room.until(() => room.channel('n/raw').v.length === 1);
  await room.until(() => room.health('n')?.rejectedBytes === size);
  expect(room.health('n')?.rejectedLines).toBe(1);
  const total = (of: (each: (typeof room.rejected)[number]) => number) =>
    room.rejected.reduce((sum, each) => sum + of(each), 0);
  await room.until(() => total(({ bytes, cut }) => bytes.length + cut) >= size);
  expect(total(({ bytes }) => bytes.length)).toBeLessThan(1_000_000);
  expect(Math.max(...room.rejected.map(({ bytes }) => bytes.length))).toBeLessThanOrEqual(16_384);
  socket.destroy();
});

it('says that a port is taken, and connects by itself when it is free', async () => {
  const room = openRoom();
  const line = openLine();
  const spec = cell('a', line.path);
  const other = await openLink(spec.link, { onData: () => undefined, onClose: () => undefined });
  room.devices.connect(spec);
  await room.until(() => room.health('a')?.state === 'failed');
  expect(room.health('a')?.problem?.code).toBe('taken');
  expect(room.health('a')?.problem?.hint).toContain(`kill ${process.pid}`);
  expect(room.links).toEqual([]);
  await other.close();
  await room.until(() => room.health('a')?.state === 'connected');
  expect(room.health('a')).toMatchObject({ problem: null, reconnects: 0 });
});

it('refuses a second device of the same id or port', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('a', line.path));
  expect(() => room.devices.connect(cell('a', '/dev/other'))).toThrow(
    expect.objectContaining({ code: 'taken' }),
  );
  expect(() => room.devices.connect(cell('b', line.path))).toThrow(
    expect.objectContaining({ code: 'taken' }),
  );
  await expect(room.devices.disconnect('c')).rejects.toMatchObject({ code: 'not-found' });
});

it('frees the port on disconnect, and numbers the blocks on when the device is taken on again', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('a', line.path));
  await room.until(() => room.health('a')?.state === 'connected');
  await line.write(lines(0, 5));
  await room.until(() => room.channel('a/raw').v.length === 5);
  await room.devices.disconnect('a');
  expect(room.health('a')).toMatchObject({ state: 'stopped', problem: null });
  expect(room.devices.list()).toEqual([]);
  expect(room.links.at(-1)).toMatchObject({ state: 'lost', reason: 'Disconnected on request.' });
  room.devices.connect(cell('a', line.path));
  await room.until(() => room.health('a')?.state === 'connected');
  await line.write(lines(5, 10));
  await room.until(() => room.channel('a/raw').v.length === 10);
  expect(isWithoutJump(room.channel('a/raw').seqs)).toBe(true);
});

it('starts the device-host again after a crash: the gap is told, the devices come back', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('a', line.path));
  await room.until(() => room.health('a')?.state === 'connected');
  await line.write(lines(0, 5));
  await room.until(() => room.channel('a/raw').v.length === 5);
  process.kill(room.children[0]!.pid!, 'SIGKILL');
  await room.until(() => room.links.length === 2);
  expect(room.links[1]?.state).toBe('lost');
  expect(room.links[1]?.reason).toContain('ended');
  await room.until(() => room.links.length === 3);
  await line.write(lines(5, 10));
  await room.until(() => room.channel('a/raw').v.length === 10);
  expect(isRising(room.channel('a/raw').t) && isWithoutJump(room.channel('a/raw').seqs)).toBe(true);
  await room.until(() => room.health('a')?.reconnects === 1);
  expect(room.children.length).toBe(2);
});

it('calls a device lost that goes silent without closing, keeps the port open, and hears it again', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect(cell('a', line.path));
  await room.until(() => room.health('a')?.state === 'connected');
  await line.write('1,1\n');
  await room.until(() => room.health('a')?.state === 'lost');
  expect(room.health('a')?.problem?.code).toBe('quiet');
  await line.write('2,2\n');
  await room.until(() => room.links.length === 3);
  expect(room.links[2]).toMatchObject({ state: 'connected', reason: 'heard again' });
  expect(room.links[1]?.at).toBe(room.channel('a/raw').t[0]);
  await room.until(() => room.channel('a/raw').t.length === 2);
  expect(room.links[2]?.at).toBe(room.channel('a/raw').t[1]);
});

it('counts edges that the beam numbered and nobody got', async () => {
  const room = openRoom();
  const line = openLine();
  room.devices.connect({ ...cell('beam', line.path), dialect: 'beam-events' });
  await room.until(() => room.health('beam')?.state === 'connected');
  await line.write('H,4,1000000,1\nE,5,1200000,0\nE,9,1300000,0\nH,9,1400000,0\n');
  await room.until(() => room.losses.length === 1);
  expect(room.losses[0]).toMatchObject({ device: 'beam', channels: ['beam/beam'], count: 3 });
  expect(room.channel('beam/beam').v).toEqual([1, 0, 0, 0]);
});

it('lists the serial ports of the system, or says why it can not', async () => {
  const room = openRoom();
  const answer = await room.devices.ports().catch((error: unknown) => error);
  expect(Array.isArray(answer) || (answer as { code: string }).code === 'unavailable').toBe(true);
});
