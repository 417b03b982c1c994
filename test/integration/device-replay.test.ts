import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import { createCapture } from '../../main/capture/index.ts';
import { readByIndex } from '../fakes/capture-reader.ts';
import { deviceLines } from '../fakes/device-lines.ts';
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

const linesOfEach = 100;
/** A channel of each, and how many samples it then has: the first lines of csv and teleplot only tell their columns. */
const due = {
  'hx711-csv': ['hx711-csv/weight', linesOfEach],
  'hx711-average': ['hx711-average/average', linesOfEach],
  csv: ['csv/c3', linesOfEach - 1],
  teleplot: ['teleplot/weight', linesOfEach - 2],
  'beam-events': ['beam-events/beam', linesOfEach],
  frames: ['frames/raw2', linesOfEach * 8],
} satisfies Partial<Record<DeviceSpec['dialect'], [channel: string, samples: number]>>;
const dialects = Object.keys(due) as (keyof typeof due)[];

/** Boards by the dialect that they speak, and so named: of each kind one that firmware prints, and ours. */
const boards = (linkOf: (dialect: keyof typeof due) => string): DeviceSpec[] =>
  dialects.map((dialect) => ({ ...cell(dialect, linkOf(dialect)), dialect }));

/** Captures all that the devices of a room send. `end` answers the file. */
async function captureOf(room: ReturnType<typeof openRoom>, folder: string, captureId: string) {
  const capture = createCapture({ platform: { clock: room.clock } });
  const { path } = await capture.start({ folder, captureId });
  const stops = [
    room.devices.onLink(({ device, channels }) => capture.addDevice(device, channels)),
    room.devices.onChannels(({ device, added }) => capture.addDevice(device, added)),
    room.devices.onBlocks((blocks) => void capture.push(blocks)),
  ];
  return {
    async end() {
      for (const { id } of room.devices.health.get()) await room.devices.disconnect(id);
      for (const stop of stops) stop();
      await capture.close();
      return path;
    },
  };
}

/** A capture of boards that printed on real lines. */
async function captured(folder: string): Promise<string> {
  const room = openRoom();
  const capture = await captureOf(room, folder, 'one');
  const lines = new Map(dialects.map((dialect) => [dialect, openLine()]));
  const specs = boards((dialect) => lines.get(dialect)!.path);
  for (const spec of specs) room.devices.connect(spec);
  await room.until(() => room.links.length === specs.length);
  for (const [dialect, line] of lines) {
    const next = deviceLines(dialect, {}, 5);
    for (let n = 0; n < linesOfEach; n++) await line.write(next());
  }
  await room.until(() =>
    Object.values(due).every(([channel, samples]) => room.channel(channel).v.length === samples),
  );
  return capture.end();
}

const valuesOf = async (path: string) =>
  Object.fromEntries(
    [...(await readByIndex(await readFile(path))).samples].map(([topic, { v }]) => [topic, v]),
  );

it('plays a capture back through the same drivers: the capture of that has the same samples', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const first = await captured(folder);
  const room = openRoom();
  const again = await captureOf(room, folder, 'two');
  const specs = boards((dialect) => join(folder, dialect));
  const players = specs.map(({ id, dialect }) =>
    run(['replay', first, '--link', join(folder, id), '--device', id, '--dialect', dialect, '--speed', '3']),
  );
  await Promise.all(players.map((player) => player.until('It plays as soon as')));
  for (const spec of specs) room.devices.connect(spec);
  const codes = await Promise.all(players.map(({ ended }) => ended));
  expect(codes, players.map(({ text }) => text()).join()).toEqual(specs.map(() => 0));
  for (const player of players) expect(player.text()).toContain('; 0 samples had no line.');
  await room.until(() => room.links.filter(({ state }) => state === 'lost').length === specs.length);
  for (const { id } of specs) expect(room.health(id)?.rejectedBytes, id).toBe(0);
  const values = await valuesOf(first);
  expect(Object.keys(values).sort()).toEqual([
    ...['beam-events/beam', 'csv/c1', 'csv/c2', 'csv/c3', 'frames/raw', 'frames/raw2'],
    ...[
      'hx711-average/average',
      'hx711-average/weight',
      'hx711-csv/raw',
      'hx711-csv/weight',
      'teleplot/weight',
    ],
  ]);
  expect(await valuesOf(await again.end())).toEqual(values);
  expect(room.losses).toEqual([]);
}, 60_000);

it('says what a capture holds when it can not play what was asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'warroom-replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = await captured(folder);
  const player = run(['replay', path, '--link', join(folder, 'x'), '--device', 'cell-z']);
  expect(await player.ended).toBe(1);
  expect(player.text()).toContain('has no device cell-z');
  expect(player.text()).toContain('It has beam-events, csv, frames, hx711-average, hx711-csv, teleplot.');
  const missing = run(['replay', join(folder, 'none.mcap'), '--link', join(folder, 'x')]);
  expect(await missing.ended).toBe(1);
  expect(missing.text()).toContain('none.mcap');
});
