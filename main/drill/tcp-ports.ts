import { createServer, type AddressInfo, type Socket } from 'node:net';
import { fromSystem } from '../../common/lib/errors.ts';
import type { BoardPort, BoardPorts } from './ports.ts';

/** Virtual lines over TCP on 127.0.0.1, for systems without PTYs. */
export function createTcpPorts(): BoardPorts {
  return { open: (id) => openPort(id), close: () => undefined };
}

async function openPort(id: string): Promise<BoardPort> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A reader that goes away mid-write is the unplugged end of a line.
    socket.on('error', () => socket.destroy());
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(fromSystem(error, `Opening the rig's line ${id}`)));
      server.listen(port, '127.0.0.1', resolve);
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const unplug = async () => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    link: { by: 'tcp', host: '127.0.0.1', port },
    write: (bytes) => {
      for (const socket of sockets) if (socket.writableLength < 65_536) socket.write(bytes);
    },
    unplug,
    plug: () => listen(port),
    close: unplug,
  };
}
