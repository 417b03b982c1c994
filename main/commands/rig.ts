import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf } from '../../common/lib/errors.ts';
import { createPtyPorts, createTcpPorts, startRig, type Rig } from '../drill/index.ts';
import { forkChild } from '../platform/node/children.ts';
import { log, print } from '../platform/say.ts';
import { dial } from '../remote/dial.ts';

export interface RigOptions {
  data: string;
  seed?: number;
  ephemeral?: boolean;
}

export interface FaultOptions {
  data: string;
  target?: string;
  off?: boolean;
}

/** `warroom rig`: the virtual rig by itself, until it is interrupted. */
export async function runRig(options: RigOptions): Promise<void> {
  const folder = join(options.data, 'rig');
  await mkdir(folder, { recursive: true });
  const hasPtys = process.platform !== 'win32';
  const ports = hasPtys ? createPtyPorts(() => forkChild('pty-host')) : createTcpPorts();
  if (!hasPtys) print('There are no PTYs here: the rig’s boards answer over TCP.');
  const rig = await startRig({
    seed: options.seed ?? 1,
    folder,
    ports,
    ephemeral: options.ephemeral ?? false,
    log,
  });
  for (const { id, dialect, link } of rig.devices)
    print(
      `${id}  ${dialect}  ${link.by === 'path' ? link.path : link.by === 'tcp' ? `${link.host}:${link.port}` : ''}`,
    );
  for (const { name, url } of rig.services) print(`${name}  ${url}`);
  print('Type: fault NAME [TARGET], clear NAME. Ctrl-C ends it.');
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => void obey(rig, line.trim()));
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  lines.close();
  await rig.close();
  ports.close();
  process.exit(0);
}

async function obey(rig: Rig, line: string): Promise<void> {
  const [word, name, target] = line.split(/\s+/);
  if (!name || (word !== 'fault' && word !== 'clear')) return print('Type: fault NAME [TARGET], clear NAME.');
  try {
    const aimed = await rig.setFault(name, word === 'fault', target);
    print(`${name} ${word === 'fault' ? 'on' : 'off'} (${aimed})`);
  } catch (error) {
    print(messageOf(error));
  }
}

/** `warroom rig fault NAME`: switches a fault of the drill that runs in the room; it is written into the ledger. */
export async function switchFault(name: string, options: FaultOptions): Promise<void> {
  const room = await dial(options.data);
  try {
    await room.client.drill.fault({
      fault: name,
      on: !options.off,
      ...(options.target && { target: options.target }),
    });
    print(`${name} ${options.off ? 'off' : 'on'}`);
  } finally {
    room.close();
  }
}
