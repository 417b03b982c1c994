import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { faultSeverity } from '../../common/incident/entries.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import { createPtyPorts, createTcpPorts, startRig, type Aim, type Rig } from '../drill/index.ts';
import { forkChild } from '../platform/node/children.ts';
import { log, print } from '../platform/say.ts';
import { dial } from '../remote/dial.ts';
import { makeupOf, severityOf, type MakeupOptions } from './rig-makeup.ts';

export interface RigOptions extends MakeupOptions {
  data: string;
  seed?: number;
  ephemeral?: boolean;
}

export interface FaultOptions {
  data: string;
  target?: string;
  severity?: string;
  off?: boolean;
}

/** `warroom rig`: the virtual rig by itself, until it is interrupted. */
export async function runRig(options: RigOptions): Promise<void> {
  const makeup = makeupOf(options);
  const folder = join(options.data, 'rig');
  await mkdir(folder, { recursive: true });
  const hasPtys = process.platform !== 'win32';
  const ports = hasPtys ? createPtyPorts(() => forkChild('pty-host')) : createTcpPorts();
  if (!hasPtys) print('There are no PTYs here: the rig’s boards answer over TCP.');
  const rig = await startRig({
    seed: options.seed ?? 1,
    makeup,
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
  print(`${usage} Ctrl-C ends it.`);
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

const usage = 'Type: fault NAME [TARGET] [SEVERITY], clear NAME.';

async function obey(rig: Rig, line: string): Promise<void> {
  const [word, name, ...rest] = line.split(/\s+/);
  if (!name || (word !== 'fault' && word !== 'clear')) return print(usage);
  const isSeverity = (text: string) => faultSeverity.safeParse(text).success;
  try {
    const aim = await rig.setFault(name, word === 'fault', {
      target: rest.find((text) => !isSeverity(text)),
      severity: severityOf(rest.find(isSeverity)),
    });
    print(shown(name, word === 'fault', aim));
  } catch (error) {
    const hint = error instanceof WarroomError ? error.hint : '';
    print(`${messageOf(error)} ${hint}`.trim());
  }
}

const shown = (name: string, on: boolean, { target, severity }: Aim) =>
  `${name} ${on ? 'on' : 'off'} (${on && severity ? `${target}, ${severity}` : target})`;

/** `warroom rig fault NAME`: switches a fault of the drill that runs in the room; it is written into the ledger. */
export async function switchFault(name: string, options: FaultOptions): Promise<void> {
  const severity = severityOf(options.severity);
  const room = await dial(options.data);
  try {
    const aim = await room.client.drill.fault({
      fault: name,
      on: !options.off,
      ...(options.target && { target: options.target }),
      ...(severity && { severity }),
    });
    print(shown(name, !options.off, aim));
  } finally {
    room.close();
  }
}
