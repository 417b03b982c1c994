import { RPCLink } from '@orpc/client/websocket';
import { WarroomError } from '../../common/lib/errors.ts';
import { createOnce, type Transport } from './transport.ts';

/** The host's close code for a page that it does not know. */
const unknownPage = 4401;
/** `WebSocket.OPEN` */
const openState = 1;

/** The part of a WebSocket that is used, so that tests can play one. */
export type SocketLike = Pick<
  WebSocket,
  'addEventListener' | 'removeEventListener' | 'send' | 'close' | 'readyState' | 'binaryType'
>;

export interface SocketTransportOptions {
  /** `ws://127.0.0.1:PORT` */
  origin: string;
  secret: string;
  openSocket?: (url: string) => SocketLike;
}

/**
 * Opens both sockets. The first message on each is the session's secret; nothing else is sent before the host said ok.
 * Throws `denied` when the host does not know the secret, `unavailable` when it can't be reached.
 */
export async function createSocketTransport({
  origin,
  secret,
  openSocket = (url) => new WebSocket(url),
}: SocketTransportOptions): Promise<Transport> {
  const lost = createOnce();
  const sockets: SocketLike[] = [];
  const close = () => {
    for (const socket of sockets) socket.close();
  };
  const open = async (path: string) => {
    const socket = openSocket(`${origin}/${path}`);
    sockets.push(socket);
    await authenticate(socket, secret);
    socket.addEventListener('close', (event) => {
      lost.fire(event.reason || 'The host closed the link.');
      close();
    });
    return socket;
  };
  // One after the other, bulk first: a call that opens a stream finds its link there, and no event of a socket
  // comes before somebody listens.
  const bulk = await open('bulk').catch(closing(close));
  bulk.binaryType = 'arraybuffer';
  const control = await open('rpc').catch(closing(close));
  return {
    control: new RPCLink({ websocket: control }),
    bulk: {
      send: (bytes) => bulk.send(bytes),
      onMessage: (listener) =>
        bulk.addEventListener('message', (event: MessageEvent<unknown>) => {
          if (event.data instanceof ArrayBuffer) listener(new Uint8Array(event.data));
        }),
    },
    onLost: lost.on,
    close,
  };
}

/** Passes an error on after closing what was opened. */
function closing(close: () => void): (error: unknown) => never {
  return (error) => {
    close();
    throw error;
  };
}

function authenticate(socket: SocketLike, secret: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const opened = () => socket.send(JSON.stringify({ secret }));
    const answered = (event: MessageEvent<unknown>) => {
      settle();
      if (isOk(event.data)) resolve();
      else
        reject(new WarroomError('unavailable', 'The host answered in a form that this page does not know.'));
    };
    const closed = (event: CloseEvent) => {
      settle();
      reject(
        event.code === unknownPage
          ? new WarroomError('denied', event.reason || 'The host does not know this page.')
          : new WarroomError(
              'unavailable',
              event.reason || 'The host does not answer.',
              'Is it still running?',
            ),
      );
    };
    const settle = () => {
      socket.removeEventListener('open', opened);
      socket.removeEventListener('message', answered);
      socket.removeEventListener('close', closed);
    };
    // It may have opened while the other socket was still being authenticated.
    if (socket.readyState === openState) opened();
    else socket.addEventListener('open', opened);
    socket.addEventListener('message', answered);
    socket.addEventListener('close', closed);
  });
}

function isOk(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  try {
    return (JSON.parse(data) as { ok?: unknown } | null)?.ok === true;
  } catch {
    // Not JSON: not the host's answer.
    return false;
  }
}
