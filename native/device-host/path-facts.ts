import { readFile, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { PortInfo } from '../../common/wire/device-messages.ts';
import { allProcesses, orNull, processesWithOpen } from '../../main/platform/node/open-files.ts';

/** A process that has the path open. */
export interface Holder {
  pid: number;
  name: string;
  /** Whether it is a device-host: of this room, or of another. */
  room: 'this' | 'other' | null;
}

/** What can be seen of a path that could not be opened. */
export interface PathFacts {
  path: string;
  platform: string;
  kind: 'missing' | 'folder' | 'file' | 'device';
  /** Who is asking. */
  user: string;
  owner: string | null;
  /** Its group; whether that may read and write; whether the user is in it, though this process is not. */
  group: { name: string; mayUse: boolean; isMember: boolean } | null;
  /** Those that this user may see (on Linux). */
  holders: Holder[];
  /** Whether ModemManager runs here. */
  modemManager: boolean;
  /** Paths of the system's serial ports; null when they can't be listed. */
  ports: string[] | null;
}

/** Looks at a path. Never rejects: what can't be seen is left out. Holders are looked for when `isTaken`. */
export async function pathFacts(
  path: string,
  isTaken: boolean,
  listPorts: () => Promise<PortInfo[]>,
): Promise<PathFacts> {
  const { platform } = process;
  const found = await orNull(stat(path));
  const looks = isTaken && platform === 'linux';
  const ports = isTaken ? null : await orNull(listPorts());
  return {
    path,
    platform,
    kind: !found ? 'missing' : found.isDirectory() ? 'folder' : found.isFile() ? 'file' : 'device',
    user: userName(),
    owner: found && (await nameIn('/etc/passwd', found.uid)),
    group: found && (await groupOf(found.gid, found.mode)),
    holders: looks ? await Promise.all((await processesWithOpen(path)).map(holder)) : [],
    modemManager: looks && (await Promise.all((await allProcesses()).map(nameOf))).includes('ModemManager'),
    ports: ports && ports.map(({ path: each }) => each),
  };
}

async function groupOf(gid: number, mode: number): Promise<PathFacts['group']> {
  const line = (await linesOf('/etc/group')).find((fields) => fields[2] === String(gid));
  const members = line?.[3]?.split(',') ?? [];
  return {
    name: line?.[0] ?? String(gid),
    mayUse: (mode & 0o060) === 0o060,
    isMember: members.includes(userName()),
  };
}

async function nameIn(file: string, id: number): Promise<string> {
  return (await linesOf(file)).find((fields) => fields[2] === String(id))?.[0] ?? String(id);
}

/** Fields of /etc/passwd and /etc/group; none where there is no such file. */
async function linesOf(file: string): Promise<string[][]> {
  const text = await orNull(readFile(file, 'utf8'));
  return (text ?? '').split('\n').map((line) => line.split(':'));
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without a line in the system's list has only a number.
    return String(process.getuid?.() ?? '');
  }
}

async function holder(pid: number): Promise<Holder> {
  return { pid, name: await nameOf(pid), room: await roomOf(pid) };
}

async function nameOf(pid: number): Promise<string> {
  return (await orNull(readFile(`/proc/${pid}/comm`, 'utf8')))?.trim() ?? '';
}

async function roomOf(pid: number): Promise<Holder['room']> {
  if (pid === process.pid) return 'this';
  const command = (await orNull(readFile(`/proc/${pid}/cmdline`, 'utf8'))) ?? '';
  return /device-host(\/main\.ts|\.js)/.test(command) ? 'other' : null;
}
