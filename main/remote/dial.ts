import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../common/contract/index.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { readHostFile } from './host-file.ts';

/** A connection of the command line to the running host, in the host's own seat. */
export interface Dialled {
  client: ContractRouterClient<Contract>;
  close(): void;
}

const patienceMs = 5000;

/** Connects to the host that runs on this data folder. Throws `unavailable` when none answers. */
export async function dial(dataDir: string): Promise<Dialled> {
  const { port, secret } = await readHostFile(dataDir);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, {
    origin: `http://127.0.0.1:${port}`,
    handshakeTimeout: patienceMs,
  });
  await new Promise<void>((resolve, reject) => {
    const failed = (why: string) =>
      reject(
        new WarroomError(
          'unavailable',
          `The room on port ${port} does not answer: ${why}`,
          'Start it again: npm start.',
        ),
      );
    socket.once('error', (error) => failed(error.message));
    socket.once('close', (_code, reason) => failed(reason.toString()));
    socket.once('open', () => socket.send(JSON.stringify({ secret })));
    socket.once('message', () => resolve());
  });
  const link = new RPCLink({ websocket: socket as unknown as globalThis.WebSocket });
  return { client: createORPCClient(link), close: () => socket.close() };
}
