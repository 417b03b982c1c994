import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openLink } from '../../native/device-host/open-link.ts';
import { createPtyPair, pointLink } from '../fakes/pty-pair.ts';
import { linkContract, recordLink, type FarEnd } from './link.ts';

/** A folder that goes with the test. */
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'warroom-link-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function serialOverPty(): Promise<FarEnd> {
  const path = join(folder(), 'tty');
  const received = recordLink();
  let pair = plug();
  function plug() {
    const fresh = createPtyPair();
    fresh.onData(received.events.onData);
    pointLink(path, fresh.path);
    return fresh;
  }
  return {
    spec: { by: 'path', path, baud: 115_200 },
    send: (text) => pair.write(text),
    received: received.read,
    unplug: () => pair.unplug(),
    replug: async () => void (pair = plug()),
    close: () => pair.unplug(),
  };
}

async function tcp(): Promise<FarEnd> {
  const received = recordLink();
  const sockets = new Set<Socket>();
  let server = await listen(0);
  const { port } = server.address() as AddressInfo;
  async function listen(at: number): Promise<Server> {
    const fresh = createServer((socket) => {
      sockets.add(socket);
      socket.on('data', received.events.onData);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    });
    fresh.listen(at, '127.0.0.1');
    await once(fresh, 'listening');
    return fresh;
  }
  const unplug = async () => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  return {
    spec: { by: 'tcp', host: '127.0.0.1', port },
    send: async (text) => {
      if (sockets.size === 0) await once(server, 'connection');
      for (const socket of sockets) socket.write(text);
    },
    received: received.read,
    unplug,
    replug: async () => void (server = await listen(port)),
    close: unplug,
  };
}

linkContract('serial', serialOverPty);
linkContract('tcp', tcp);

it('says what is wrong with a port that can not be opened', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const open = (path: string) => openLink({ by: 'path', path, baud: 9600 }, recordLink().events);
  await expect(open('/dev/no-such-port')).rejects.toMatchObject({ code: 'not-found' });
  await expect(open(file)).rejects.toMatchObject({ code: 'bad-input' });
});

it('says that nobody answers at an address', async () => {
  const link = { by: 'tcp', host: '127.0.0.1', port: 1 } as const;
  await expect(openLink(link, recordLink().events)).rejects.toMatchObject({ code: 'unavailable' });
});
