import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { Holder, PathFacts } from './path-facts.ts';

type Told = [WarroomError['code'], message: string, hint: string];

interface Row {
  /** Whether it is this. `text`: the system's; serialport's errors carry no codes. */
  is(text: string, facts: PathFacts): boolean;
  tell(facts: PathFacts): Told;
}

/** Why a port can't be opened, and the command that mends it. The first row that fits tells. */
const rows: Row[] = [
  {
    is: (_, { kind }) => kind === 'folder',
    tell: ({ path, ports }) => ['bad-input', `${path} is a folder, not a port.`, portsNow(ports)],
  },
  {
    is: (_, { kind }) => kind === 'file',
    tell: ({ path, ports }) => [
      'bad-input',
      `${path} is an ordinary file, not a port.`,
      fileHint(path, ports),
    ],
  },
  {
    // Windows says "Access denied" for a port that another program holds.
    is: (text, { platform }) => isTaken(text, platform),
    tell: (facts) => ['taken', takenBy(facts), takenHint(facts)],
  },
  {
    is: (text) => /permission denied|EACCES|EPERM|operation not permitted|access (is )?denied/i.test(text),
    tell: (facts) => ['denied', notPermitted(facts), permissionHint(facts)],
  },
  {
    is: (text) => /no such (file|device)|file not found|ENOENT|ENXIO|ENODEV/i.test(text),
    tell: ({ path, ports }) => ['not-found', `There is no ${path}.`, portsNow(ports)],
  },
  {
    is: (text) => /inappropriate ioctl|is a directory|not a (typewriter|tty)|invalid argument/i.test(text),
    tell: ({ path, ports }) => ['bad-input', `${path} is not a serial port.`, portsNow(ports)],
  },
];

/** Whether the system's text says that somebody has the port open. */
export function isTaken(text: string, platform: string): boolean {
  if (/cannot lock port|resource busy|EBUSY/i.test(text)) return true;
  return platform === 'win32' && /access (is )?denied|EACCES|EPERM/i.test(text);
}

/** What opening the path failed with, as a person can use it. */
export function serialProblem(error: unknown, facts: PathFacts): WarroomError {
  if (error instanceof WarroomError) return error;
  const text = messageOf(error);
  const row = rows.find(({ is }) => is(text, facts));
  if (!row)
    return new WarroomError(
      'unavailable',
      `${facts.path} could not be opened: ${text}`,
      'Unplug the device and plug it in again.',
    );
  const [code, message, hint] = row.tell(facts);
  return new WarroomError(code, message, hint, { system: text });
}

function takenBy({ path, holders }: PathFacts): string {
  const [holder] = holders;
  if (!holder) return `${path} is in use by another program.`;
  const who = `${holder.name} (process ${holder.pid})`;
  if (holder.room === 'this') return `This War Room has ${path} open already.`;
  return `${path} is in use by ${holder.room === 'other' ? `another War Room, ${who}` : who}.`;
}

/** Services that take every new port to see what it is. */
const services: Record<string, string> = {
  ModemManager: 'sudo systemctl stop ModemManager',
  brltty: 'sudo systemctl stop brltty',
  gpsd: 'sudo systemctl stop gpsd.socket gpsd',
};

function takenHint({ path, platform, holders, modemManager }: PathFacts): string {
  if (platform === 'win32') return 'Close the program that has it open (a serial monitor, an IDE).';
  if (platform === 'darwin') return `\`lsof ${quoted(path)}\` names the program that has it open: close it.`;
  const [holder] = holders;
  if (holder) return closeHint(holder);
  const name = `\`sudo fuser -v ${quoted(path)}\` names the program that has it open: close it.`;
  if (!modemManager) return name;
  return `ModemManager runs here and looks at each new port for some seconds: wait, or \`${services.ModemManager}\`. Else ${name}`;
}

function closeHint({ name, pid, room }: Holder): string {
  if (room === 'this')
    return 'Disconnect the other device of this port first, or wait until the probe has ended.';
  if (room === 'other') return `Disconnect it there, or end that room: \`kill ${pid}\`.`;
  const command = services[name];
  return command ? `Run \`${command}\`.` : `Close it there, or run \`kill ${pid}\`.`;
}

function notPermitted({ path, user, owner, group }: PathFacts): string {
  const whose = group ? ` It belongs to ${owner} and the group ${group.name}.` : '';
  return `The user ${user} may not open ${path}.${whose}`;
}

function permissionHint({ path, platform, group }: PathFacts): string {
  if (platform === 'win32') return 'Run it as a user who may open the port.';
  if (group?.mayUse && group.name !== 'root') {
    if (group.isMember)
      return `You are in the group ${group.name}, but this session began before that: log out and in again, or start War Room from \`newgrp ${group.name}\`.`;
    const command =
      platform === 'darwin'
        ? `sudo dseditgroup -o edit -a "$USER" -t user ${group.name}`
        : `sudo usermod -a -G ${group.name} "$USER"`;
    return `Run \`${command}\`, then log out and in again.`;
  }
  const command =
    platform === 'darwin'
      ? `sudo chmod a+rw ${quoted(path)}`
      : `sudo setfacl -m "u:$USER:rw" ${quoted(path)}`;
  return `Run \`${command}\` (until it is plugged in again), or run War Room as its owner.`;
}

function fileHint(path: string, ports: PathFacts['ports']): string {
  if (!path.endsWith('.mcap')) return portsNow(ports);
  return `It is a capture. \`warroom replay ${quoted(path)} --link PATH\` plays it on a port of its own, PATH: connect that.`;
}

function portsNow(ports: PathFacts['ports']): string {
  if (ports === null) return 'Plug the device in, or choose another path.';
  if (ports.length === 0) return 'There is no serial port just now: plug the device in.';
  return `The ports just now: ${ports.slice(0, 8).join(', ')}.`;
}

/** As a shell takes it. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** For what an open link answers to a write or a setting. */
export function brokenLink(error: unknown, name: string): WarroomError {
  return new WarroomError(
    'unavailable',
    `${name} did not take it: ${messageOf(error)}`,
    'Check plug, cable and power.',
  );
}

/** For a write to a link that is gone. Queued bytes would be sent to whatever is opened next. */
export function notOpen(name: string): WarroomError {
  return new WarroomError(
    'unavailable',
    `${name} is not open, nothing was sent.`,
    'Wait until the device is connected again.',
  );
}
