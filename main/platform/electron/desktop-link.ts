/** The host's end of its channel to the desktop process. Runs in the host's utilityProcess; imports no Electron. */
import { WarroomError } from '../../../common/lib/errors.ts';
import type { Child, ChildName, Secrets } from '../types.ts';
import type { ElectronPort, FromHost, StartMessage, TicketFile, ToHost } from './messages.ts';
import { createPortChild, type PortChild } from './port-child.ts';

/** `process.parentPort` of a utilityProcess, as far as it is used. */
export interface DesktopPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: ElectronPort[] }) => void): void;
}

export interface DesktopEvents {
  start(message: StartMessage): void;
  /** A page's two ports, not started yet: listen first, then `start()` each. */
  page(window: number, control: ElectronPort, bulk: ElectronPort): void;
  /** Redeems a ticket of a page; null when it was used or is too old. */
  ticket(ticket: string): TicketFile | null;
  stop(): void;
}

export interface DesktopLink {
  post(message: FromHost): void;
  /** Starts a process through the desktop; `Platform.fork` of the desktop app. */
  fork(name: ChildName): Child;
  /** The system's keychain, asked through the desktop; `warning` as in its `start` message. */
  secrets(warning: string | null): Secrets;
}

interface Waiting {
  resolve(value: Uint8Array | null): void;
  reject(error: Error): void;
}

/** Takes the desktop's messages from now on. */
export function createDesktopLink(port: DesktopPort, events: DesktopEvents): DesktopLink {
  const children = new Map<number, PortChild>();
  const waiting = new Map<number, Waiting>();
  let requests = 0;
  const post = (message: FromHost) => port.postMessage(message);

  port.on('message', ({ data, ports }) => {
    const message = data as ToHost;
    switch (message.type) {
      case 'start':
        return events.start(message);
      case 'page':
        if (ports[0] && ports[1]) events.page(message.window, ports[0], ports[1]);
        return;
      case 'forked':
        if (ports[0]) children.get(message.request)?.attach(ports[0], message.pid);
        return;
      case 'child-exit':
        children.get(message.request)?.ended(message.code);
        children.delete(message.request);
        return;
      case 'secret':
        return settle(message.request, (each) => each.resolve(message.value));
      case 'secret-failed': {
        const error = new WarroomError(message.code, message.message, message.hint);
        return settle(message.request, (each) => each.reject(error));
      }
      case 'ticket':
        return post({ type: 'ticket', request: message.request, file: events.ticket(message.ticket) });
      case 'stop':
        return events.stop();
    }
  });

  function settle(request: number, how: (each: Waiting) => void): void {
    const each = waiting.get(request);
    waiting.delete(request);
    if (each) how(each);
  }

  function ask(message: (request: number) => FromHost): Promise<Uint8Array | null> {
    const request = (requests += 1);
    return new Promise((resolve, reject) => {
      waiting.set(request, { resolve, reject });
      post(message(request));
    });
  }

  return {
    post,
    fork(name) {
      const request = (requests += 1);
      const child = createPortChild(() => post({ type: 'kill', request }));
      children.set(request, child);
      post({ type: 'fork', request, name });
      return child;
    },
    secrets: (warning) => ({
      kind: 'keychain',
      warning,
      get: (name) => ask((request) => ({ type: 'secret-get', request, name })),
      set: async (name, value) => {
        await ask((request) => ({ type: 'secret-set', request, name, value }));
      },
    }),
  };
}
