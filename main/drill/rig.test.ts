import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLink } from '../../native/device-host/open-link.ts';
import { forkChild } from '../platform/node/children.ts';
import { createPtyPorts } from './pty-ports.ts';
import { startRig, type Rig } from './rig.ts';
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

async function start(ports: ReturnType<typeof createPtyPorts>): Promise<Rig> {
  closePorts = () => ports.close();
  rig = await startRig({ seed: 5, folder, ports, ephemeral: true, log: () => undefined });
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

    expect(await running.setFault('saturated', true, 'cell-a')).toBe('cell-a');
    expect(
      (await linesOf(port, (all) => all.some((line) => /^(8388607|-8388608),/.test(line)))).length,
    ).toBeGreaterThan(0);
    await running.setFault('saturated', false);

    const gone = once(port, 'close');
    await running.setFault('unplug', true, 'cell-a');
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
    await expect(running.setFault('saturated', true, 'beam')).rejects.toThrow(/can't be aimed/);
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
