/** The desktop's end: starts the host and, at its request, its other processes; passes ports; keeps the keychain. */
import { join } from 'node:path';
import { messageOf, WarroomError } from '../../../common/lib/errors.ts';
import type { Keychain } from './keychain.ts';
import type { ElectronPort, FromHost, StartMessage, TicketFile, ToHost } from './messages.ts';

/** The part of Electron's UtilityProcess that is used. */
export interface Utility<Port extends ElectronPort> {
  readonly pid: number | undefined;
  postMessage(message: unknown, ports: Port[]): void;
  on(event: 'message', listener: (message: unknown) => void): void;
  once(event: 'spawn', listener: () => void): void;
  once(event: 'exit', listener: (code: number) => void): void;
  kill(): boolean;
}

/** The parts of Electron that start processes and make ports. */
export interface Forks<Port extends ElectronPort> {
  fork(path: string, name: string): Utility<Port>;
  createChannel(): { port1: Port; port2: Port };
}

export interface HostDeps<Port extends ElectronPort> {
  forks: Forks<Port>;
  /** The folder of the built entries: host.js, device-host.js, pty-host.js. */
  folder: string;
  keychain: Keychain;
  start: StartMessage;
  onReady(): void;
  onNotify(title: string, body: string): void;
  /** The host can't serve; `hint` says what to do. It ends by itself afterwards. */
  onFailed(message: string, hint: string): void;
  onExit(code: number): void;
}

export interface HostProcess<Port extends ElectronPort> {
  /** Makes a page's two channels; answers the page's ends: [control, bulk]. */
  connectPage(window: number): Port[];
  redeem(ticket: string): Promise<TicketFile | null>;
  /** Asks it to close in order; resolves when it ended, killed after `limitMs`. */
  stop(limitMs: number): Promise<void>;
}

/** Starts the host. Its other processes end with it. */
export function startHost<Port extends ElectronPort>(deps: HostDeps<Port>): HostProcess<Port> {
  const host = deps.forks.fork(join(deps.folder, 'host.js'), 'War Room host');
  const children = new Map<number, Utility<Port>>();
  const tickets = new Map<number, (file: TicketFile | null) => void>();
  let requests = 0;
  let hasExited = false;
  const exited = new Promise<void>((resolve) => host.once('exit', () => resolve()));
  const post = (message: ToHost, ports: Port[] = []) => {
    if (!hasExited) host.postMessage(message, ports);
  };

  host.on('message', (message) => take(message as FromHost));
  host.once('exit', (code) => {
    hasExited = true;
    for (const child of children.values()) child.kill();
    for (const answer of tickets.values()) answer(null);
    deps.onExit(code);
  });
  post(deps.start);

  function take(message: FromHost): void {
    switch (message.type) {
      case 'ready':
        return deps.onReady();
      case 'failed':
        return deps.onFailed(message.message, message.hint);
      case 'notify':
        return deps.onNotify(message.title, message.body);
      case 'fork':
        return forkChild(message.request, message.name);
      case 'kill':
        children.get(message.request)?.kill();
        return;
      case 'ticket':
        tickets.get(message.request)?.(message.file);
        tickets.delete(message.request);
        return;
      case 'secret-get':
        return answerSecret(message.request, () => deps.keychain.get(message.name));
      case 'secret-set':
        return answerSecret(message.request, async () => {
          await deps.keychain.set(message.name, message.value);
          return null;
        });
    }
  }

  function forkChild(request: number, name: string): void {
    const child = deps.forks.fork(join(deps.folder, `${name}.js`), `War Room ${name}`);
    children.set(request, child);
    // Bytes go straight between the two: a busy terminal costs the windows nothing.
    const { port1, port2 } = deps.forks.createChannel();
    child.postMessage({ type: 'channel' }, [port1]);
    child.once('spawn', () => post({ type: 'forked', request, pid: child.pid ?? null }, [port2]));
    child.once('exit', (code) => {
      children.delete(request);
      post({ type: 'child-exit', request, code });
    });
  }

  function answerSecret(request: number, work: () => Promise<Uint8Array | null>): void {
    work().then(
      (value) => post({ type: 'secret', request, value }),
      (error: unknown) => {
        const known = error instanceof WarroomError ? error : null;
        const code = known?.code === 'damaged' ? 'damaged' : 'denied';
        post({ type: 'secret-failed', request, code, message: messageOf(error), hint: known?.hint ?? '' });
      },
    );
  }

  return {
    connectPage(window) {
      const control = deps.forks.createChannel();
      const bulk = deps.forks.createChannel();
      post({ type: 'page', window }, [control.port1, bulk.port1]);
      return [control.port2, bulk.port2];
    },
    redeem(ticket) {
      if (hasExited) return Promise.resolve(null);
      const request = (requests += 1);
      return new Promise((resolve) => {
        tickets.set(request, resolve);
        post({ type: 'ticket', request, ticket });
      });
    },
    async stop(limitMs) {
      if (hasExited) return;
      post({ type: 'stop' });
      const late = setTimeout(() => host.kill(), limitMs);
      await exited;
      clearTimeout(late);
    },
  };
}
