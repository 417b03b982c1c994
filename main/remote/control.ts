import { RPCHandler } from '@orpc/server/ws';
import type { WebSocket } from 'ws';
import type { AllHandlers, Caller } from './router.ts';
import { buildRouter } from './router.ts';

/** Serves the contract on authenticated control sockets. */
export function createControlPlane(handlers: AllHandlers, log: (message: string, error?: unknown) => void) {
  const rpc = new RPCHandler<{ caller: Caller }>(buildRouter(handlers, log));
  return {
    serve(socket: WebSocket, caller: Caller): void {
      void rpc.upgrade(strict(socket), { context: { caller } });
    },
  };
}

type MessageSource = Pick<WebSocket, 'addEventListener' | 'send'>;

/** A message that is no JSON text breaks the control plane's rules: the link is closed with a reason. */
function strict(socket: WebSocket): MessageSource {
  const addEventListener: WebSocket['addEventListener'] = (type, listener, options) => {
    if (type !== 'message') return socket.addEventListener(type, listener, options);
    const checked = (event: { data: unknown }) => {
      if (isJson(event.data)) (listener as (event: unknown) => void)(event);
      else socket.close(4400, 'Malformed message on the control plane: not JSON text.');
    };
    socket.addEventListener('message', checked, options);
  };
  return { addEventListener, send: (socket.send as (data: string) => void).bind(socket) };
}

function isJson(data: unknown): boolean {
  if (typeof data !== 'string') return false;
  try {
    JSON.parse(data);
    return true;
  } catch {
    // The caller closes the link and says why.
    return false;
  }
}
