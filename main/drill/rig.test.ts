import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLink } from '../../native/device-host/open-link.ts';
import { forkChild } from '../platform/node/children.ts';
import { createPtyPorts } from './pty-ports.ts';
import { systemFaults } from './system/index.ts';
import { startRig, type Rig, type RigOptions } from './rig.ts';
import { createTcpPorts } from './tcp-ports.ts';
import { connect } from 'node:net';

let folder = '';
let rig: Rig | null = null;
let closePorts = () => {};
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-rig-'));
});
afterEach(async () => {
  await rig?.close();
  closePorts();
  rig = null;
  await rm(folder, { recursive: true, force: true });
});

async function start(ports: ReturnType<typeof createPtyPorts>, more: Partial<RigOptions> = {}): Promise<Rig> {
  closePorts = () => ports.close();
  rig = await startRig({ seed: 5, folder, ports, ephemeral: true, log: () => undefined, ...more });
  return rig;
}

/** Reads lines of a port until `enough`. */
async function linesOf(source: NodeJS.EventEmitter, enough: (lines: string[]) => boolean): Promise<string[]> {
  let text = '';
  for (;;) {
    const [chunk] = (await once(source, 'data')) as [Buffer];
    text += chunk.toString('latin1');
    const lines = text.split('\n').slice(1, -1);
    if (enough(lines)) return lines;
  }
}

/** A link to the rig's board as the devices room opens it, as an emitter of `data` and `close`. */
async function linkTo(running: Rig, id: string) {
  const events = new EventEmitter();
  const opened = await openLink(running.devices.find((device) => device.id === id)!.link, {
    onData: (bytes) => events.emit('data', Buffer.from(bytes)),
    onClose: () => events.emit('close'),
  });
  return { events, close: () => opened.close() };
}

describe('the rig on real serial ports', () => {
  it('prints, saturates, is unplugged and comes back at the same path', async () => {
    const running = await start(createPtyPorts(() => forkChild('pty-host')));
    const { events: port } = await linkTo(running, 'cell-a');
    const lines = await linesOf(port, (all) => all.length > 20);
    expect(lines.every((line) => /^-?\d+,-?\d+\.\d\d$/.test(line))).toBe(true);

    const saturated = await running.setFault('saturated', true, { target: 'cell-a', severity: 'severe' });
    expect(saturated).toEqual({ target: 'cell-a', severity: 'severe' });
    expect(
      (await linesOf(port, (all) => all.some((line) => /^(8388607|-8388608),/.test(line)))).length,
    ).toBeGreaterThan(0);
    await running.setFault('saturated', false);

    const gone = once(port, 'close');
    await running.setFault('unplug', true, { target: 'cell-a' });
    await gone;
    expect(running.state.get().faults.find(({ name }) => name === 'unplug')).toMatchObject({
      on: true,
      target: 'cell-a',
    });
    await running.setFault('unplug', false);
    const again = await linkTo(running, 'cell-a');
    await linesOf(again.events, (all) => all.length > 5);
    await again.close();
  });

  it('refuses faults that it does not have', async () => {
    const running = await start(createPtyPorts(() => forkChild('pty-host')));
    await expect(running.setFault('magic', true)).rejects.toThrow(/no fault "magic"/);
    await expect(running.setFault('saturated', true, { target: 'beam' })).rejects.toThrow(/can't be aimed/);
    await expect(running.setFault('unplug', true, { severity: 'slight' })).rejects.toThrow(/no degrees/);
  });
});

describe('the faults of a rig', () => {
  const on = (running: Rig) =>
    running.state
      .get()
      .faults.filter((fault) => fault.on)
      .map(({ name, target, severity }) => [name, target, severity]);

  it('stand beside each other, are aimed anew, and end one by one', async () => {
    const running = await start(createTcpPorts());
    expect(await running.setFault('drift', true)).toEqual({ target: 'cell-a', severity: 'clear' });
    await running.setFault('quiet', true, { target: 'beam', severity: 'severe' });
    await running.setFault('service-down', true, { target: 'llm' });
    await running.setFault('drift', true, { target: 'cell-b', severity: 'slight' });
    expect(on(running)).toEqual([
      ['drift', 'cell-b', 'slight'],
      ['quiet', 'beam', 'severe'],
      ['service-down', 'llm', null],
    ]);
    const off = await running.setFault('drift', false, { target: undefined });
    expect(off.target).toBe('cell-b');
    await running.setFault('service-down', false);
    expect(on(running)).toEqual([['quiet', 'beam', 'severe']]);
    const llm = running.services.find(({ name }) => name === 'llm')!.url;
    expect((await fetch(`${llm}/health`)).ok).toBe(true);
  });

  it('reach the lines of what they are aimed at, and no other', async () => {
    const running = await start(createTcpPorts());
    await running.setFault('dout-low', true, { target: 'cell-b', severity: 'severe' });
    const [a, b] = [await linkTo(running, 'cell-a'), await linkTo(running, 'cell-b')];
    const isZero = (line: string) => line.startsWith('0,');
    const [ofA, ofB] = await Promise.all(
      [a, b].map(({ events }) => linesOf(events, (lines) => lines.length > 20)),
    );
    expect(ofA!.some(isZero)).toBe(false);
    expect(ofB!.every(isZero)).toBe(true);
    await Promise.all([a.close(), b.close()]);
  });

  it('are those of every sensor, of links and of services, each with a group and where it can be aimed', async () => {
    const { faults } = (await start(createTcpPorts(), { makeup: { jetson: true } })).state.get();
    expect(faults.length).toBe(22 + systemFaults.length);
    expect([...new Set(faults.map(({ group }) => group))]).toEqual([
      ...['cells', 'beam', 'link', 'services', 'parts', 'forms', 'models'],
    ]);
    expect(faults.find(({ name }) => name === 'unplug')?.targets).toEqual([
      'cell-a',
      'cell-b',
      'beam',
      'jetson',
    ]);
    expect(faults.filter(({ severities }) => severities.length === 0).map(({ name }) => name)).toEqual([
      'unplug',
      'service-down',
      ...systemFaults.map(({ name }) => name),
    ]);
  });
});

describe('a rig made up otherwise', () => {
  const makeup = {
    cellDialect: 'csv',
    beamDialect: 'beam-text',
    rate: 10,
    decimal: ',',
    jetson: true,
  } as const;

  it('says how its devices are read, and speaks so', async () => {
    const running = await start(createTcpPorts(), { makeup });
    expect(running.devices.map(({ id, dialect, options }) => [id, dialect, options?.decimal])).toEqual([
      ['cell-a', 'csv', ','],
      ['cell-b', 'csv', ','],
      ['beam', 'beam-text', undefined],
      ['jetson', 'tegrastats', undefined],
    ]);
    const [cell, jetson] = [await linkTo(running, 'cell-a'), await linkTo(running, 'jetson')];
    const [lines, told] = await Promise.all([
      linesOf(cell.events, (all) => all.length > 5),
      linesOf(jetson.events, (all) => all.length > 0),
    ]);
    const seconds = lines.map((line) => {
      expect(line).toMatch(/^\d+,\d{3};-?\d+,\d\d\r$/);
      return Number(line.split(';')[0]!.replace(',', '.'));
    });
    expect((seconds.at(-1)! - seconds[0]!) / (seconds.length - 1)).toBeCloseTo(0.1, 2);
    expect(told[0]).toMatch(/ RAM \d+\/7620MB /);
    await Promise.all([cell.close(), jetson.close()]);
  });
});

describe('the rig over TCP', () => {
  it('speaks the same lines where there are no PTYs', async () => {
    const running = await start(createTcpPorts());
    const link = running.devices.find((device) => device.id === 'beam')!.link;
    if (link.by !== 'tcp') throw new Error('not tcp');
    const socket = connect(link.port, link.host);
    const lines = await linesOf(socket, (all) => all.length > 0);
    expect(lines[0]).toMatch(/^[EH],\d+,\d+,[01]$/);
    socket.destroy();
  });
});
