import { createConnection, type Socket } from 'node:net';
import type { DeviceLink } from '../../common/contract/devices.ts';
import { messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { Link, LinkEvents } from './link.ts';
import { notOpen } from './problems.ts';

type TcpSpec = Extract<DeviceLink, { by: 'tcp' }>;

const connectTimeout = 5_000;
/** A serial port locks itself, an address does not: a second reader of a bridge would split or steal its bytes. */
const inUse = new Set<string>();

/** Opens a TCP connection to a device or a serial bridge. */
export async function openTcpLink(spec: TcpSpec, events: LinkEvents): Promise<Link> {
  const address = `${spec.host}:${spec.port}`;
  if (inUse.has(address))
    throw new WarroomError(
      'taken',
      `${address} is already connected here.`,
      'Disconnect the other device of this address first.',
    );
  inUse.add(address);
  const socket = createConnection({ host: spec.host, port: spec.port, noDelay: true, keepAlive: true });
  // Freed only when the socket is gone, also after a connection that never came about.
  socket.once('close', () => inUse.delete(address));
  await connected(socket, address);
  return linkOver(socket, address, events);
}

function connected(socket: Socket, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      socket.destroy();
      reject(tcpProblem(error, address));
    };
    const timer = setTimeout(() => fail(new Error('no answer within 5 s')), connectTimeout);
    socket.once('close', () => clearTimeout(timer));
    socket.once('error', fail);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      resolve();
    });
  });
}

function linkOver(socket: Socket, address: string, events: LinkEvents): Link {
  const name = `tcp:${address}`;
  let isOpen = true;
  let reason = 'closed by the other end';
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk: Uint8Array) => events.onData(chunk));
  socket.on('error', (error) => (reason = messageOf(error)));
  // Half a connection is no link: sensors that stopped sending are gone.
  socket.once('end', () => socket.destroy());
  socket.once('close', () => {
    isOpen = false;
    events.onClose(reason);
  });
  return {
    name,
    get isOpen() {
      return isOpen;
    },
    write: (bytes) =>
      isOpen
        ? new Promise((resolve, reject) =>
            socket.write(bytes, (error) => (error ? reject(tcpProblem(error, address)) : resolve())),
          )
        : Promise.reject(notOpen(name)),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      reason = 'closed';
      socket.destroy();
      await closed;
    },
  };
}

/** What connecting failed with, as a person can use it. */
export function tcpProblem(error: unknown, address: string): WarroomError {
  const code = (error as { code?: string } | null)?.code;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new WarroomError('not-found', `No machine answers to the name in ${address}.`, 'Check the name.');
  return new WarroomError(
    'unavailable',
    `${address} could not be reached: ${messageOf(error)}`,
    'Check that it runs and that the address is right.',
  );
}
