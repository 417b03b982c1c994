import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import { createCapture } from '../../main/capture/index.ts';
import { cell, openLine, openRoom } from './devices-room.ts';

const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));

/** What a child prints, once it has ended. */
function run(args: string[]) {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill());
  let text = '';
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  const heard: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      for (const wake of heard.splice(0)) wake();
    });
  return {
    text: () => text,
    async until(part: string) {
      while (!text.includes(part)) {
        const end = ended.then((code) => Promise.reject(new Error(`it ended with ${code}: ${text}`)));
        await Promise.race([new Promise<void>((wake) => heard.push(wake)), end]);
      }
    },
    ended,
  };
}

/** A capture of two devices that printed on real lines, and what of them it holds. */
async function captured(folder: string) {
  const room = openRoom();
  const capture = createCapture({ platform: { clock: room.clock } });
  const { path } = await capture.start({ folder, captureId: 'one' });
  room.devices.onLink(({ device, channels }) => capture.addDevice(device, channels));
  const stop = room.devices.onBlocks((blocks) => void capture.push(blocks));
  const [cellLine, beamLine] = [openLine(), openLine()];
  room.devices.connect(cell('a', cellLine.path));
  room.devices.connect({ ...cell('beam', beamLine.path), dialect: 'beam-events' });
  await room.until(() => room.links.length === 2);
  for (let n = 0; n < 300; n++) {
    await cellLine.write(`${124_000 + ((n * 37) % 101)},${(n / 7).toFixed(2)}\n`);
    if (n % 10 === 0) await beamLine.write(`E,${n / 10},${n * 12_500},${(n / 10) % 2}\n`);
    if (n % 80 === 0)
      await beamLine.write(`H,${Math.floor(n / 10)},${n * 12_500 + 1},${Math.floor(n / 10) % 2}\n`);
  }
  await room.until(
    () => room.channel('a/weight').v.length === 300 && room.channel('beam/beam').v.length === 34,
  );
  await Promise.all([room.devices.disconnect('a'), room.devices.disconnect('beam')]);
  stop();
  await capture.close();
  return { path, room };
}

it('plays a capture back through the same drivers: what is read again is what was captured', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { path, room: first } = await captured(folder);
  const room = openRoom();
  const link = (name: string) => join(folder, name);
  const players = [
    run(['replay', path, '--link', link('a'), '--device', 'a', '--speed', '3']),
    run(['replay', path, '--link', link('beam'), '--device', 'beam']),
  ];
  await Promise.all(players.map((player) => player.until('It plays as soon as')));
  const specs: DeviceSpec[] = [
    cell('a', link('a')),
    { ...cell('beam', link('beam')), dialect: 'beam-events' },
  ];
  for (const spec of specs) room.devices.connect(spec);
  const codes = await Promise.all(players.map(({ ended }) => ended));
  expect(codes, players.map(({ text }) => text()).join()).toEqual([0, 0]);
  expect(players[0]!.text()).toContain('Played 300 lines of a; 0 samples had no line.');
  await room.until(() => room.links.filter(({ state }) => state === 'lost').length === 2);
  for (const channel of ['a/raw', 'a/weight', 'beam/beam'])
    expect(room.channel(channel).v, channel).toEqual(first.channel(channel).v);
  expect(room.health('a')?.rejectedBytes).toBe(0);
  expect(room.losses).toEqual([]);
});

it('says what a capture holds when it can not play what was asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { path } = await captured(folder);
  const player = run(['replay', path, '--link', join(folder, 'x'), '--device', 'cell-z']);
  expect(await player.ended).toBe(1);
  expect(player.text()).toContain('has no device cell-z');
  expect(player.text()).toContain('It has a, beam.');
  const missing = run(['replay', join(folder, 'none.mcap'), '--link', join(folder, 'x')]);
  expect(await missing.ended).toBe(1);
  expect(missing.text()).toContain('none.mcap');
});
