import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setInterval } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { seeded } from '../fakes/seeded.ts';
import { cell, isRising, isWithoutJump, openLine, openRoom } from './devices-room.ts';

const ids = (count: number) => Array.from({ length: count }, (_, i) => `cell-${i}`);

/** Prints `perSecond` lines a second on each line, each with its number, for `seconds`. Answers how many each printed. */
async function print(
  lines: { write(text: string): Promise<void> }[],
  perSecond: number,
  seconds: number,
  now: () => number,
): Promise<number> {
  const began = now();
  const most = perSecond * seconds;
  let printed = 0;
  for await (const _ of setInterval(20)) {
    const due = Math.min(most, Math.floor(((now() - began) / 1e6) * perSecond));
    const text = Array.from({ length: due - printed }, (_each, i) => `${printed + i},1.5\n`).join('');
    for (const line of lines) await line.write(text);
    printed = due;
    if (printed === most) return printed;
  }
  return printed;
}

it('reads sixteen ports at once and loses nothing of any', async () => {
  const room = openRoom();
  const lines = ids(16).map((id) => ({ id, ...openLine() }));
  for (const { id, path } of lines) room.devices.connect(cell(id, path));
  await room.until(() => lines.every(({ id }) => room.health(id)?.state === 'connected'));
  const printed = await print(lines, 80, 2, room.clock.now);
  await room.until(() => lines.every(({ id }) => room.channel(`${id}/weight`).v.length >= printed));
  for (const { id } of lines) {
    const { t, v, seqs } = room.channel(`${id}/raw`);
    expect(v).toEqual(Array.from({ length: printed }, (_, i) => i));
    expect(isRising(t) && isWithoutJump(seqs)).toBe(true);
    const health = room.health(id)!;
    expect(health).toMatchObject({ rejectedBytes: 0, reconnects: 0, lost: 0, gaps: { count: 0 } });
    expect(health.rates[`${id}/raw`]).toBeGreaterThan(0);
  }
  expect(room.losses).toEqual([]);
});

/** The most memory that a process ever had, in megabytes. */
const peakMegabytes = (pid: number) =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

it('is not drowned by a device that sends 5 MB/s of noise, and the device beside it loses nothing', async () => {
  const room = openRoom();
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const link = { by: 'tcp', host: '127.0.0.1', port } as const;
  const line = openLine();
  room.devices.connect(cell('good', line.path));
  room.devices.connect({ id: 'noise', name: 'Noise', dialect: 'hx711-csv', link });
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => socket.destroy());
  await room.until(() => room.health('good')?.state === 'connected');

  const random = seeded(1);
  // All bytes but line ends, then a line end in a hundred: what is rejected is then known to the byte.
  const noise = Uint8Array.from({ length: 100_000 }, (_, i) =>
    i % 100 === 99 ? 10 : 128 + Math.floor(random() * 128),
  );
  const bytesOf = (chunks: number) => chunks * 99_000;
  let sent = 0;
  const began = room.clock.now();
  const [host] = room.children;
  const before = peakMegabytes(host!.pid!);
  const [, printed] = await Promise.all([
    (async () => {
      for await (const _ of setInterval(10)) {
        const due = Math.min(120, Math.floor((room.clock.now() - began) / 20_000));
        for (; sent < due; sent++) if (!socket.write(noise)) await once(socket, 'drain');
        if (sent === 120) return;
      }
    })(),
    print([line], 80, 2.5, room.clock.now),
  ]);
  await room.until(() => room.health('noise')?.rejectedBytes === bytesOf(sent));
  await room.until(() => room.channel('good/raw').v.length >= printed);
  const total = (of: (each: (typeof room.rejected)[number]) => number) =>
    room.rejected.reduce((sum, each) => sum + of(each), 0);
  const content = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + (byte === 10 ? 0 : 1), 0);
  // Kept or counted as cut: together it is all of them.
  await room.until(() => total(({ bytes, cut }) => content(bytes) + cut) >= bytesOf(sent));
  expect(total(({ bytes, cut }) => content(bytes) + cut)).toBe(bytesOf(sent));
  const seconds = (room.clock.now() - began) / 1e6;
  expect(total(({ bytes }) => bytes.length)).toBeLessThan(262_144 + 65_536 * (seconds + 1) + 16_384);
  expect(room.health('noise')?.rejectedLines).toBe(sent * 1000);

  const good = room.channel('good/raw');
  expect(good.v).toEqual(Array.from({ length: printed }, (_, i) => i));
  expect(isRising(good.t) && isWithoutJump(good.seqs)).toBe(true);
  expect(room.health('good')).toMatchObject({ reconnects: 0, lost: 0, gaps: { count: 0 } });
  expect(room.children).toHaveLength(1);
  expect(peakMegabytes(host!.pid!) - before).toBeLessThan(100);
  socket.destroy();
});
