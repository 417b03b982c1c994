import type { Child } from '../types.ts';
import type { ElectronPort } from './messages.ts';

/** A `Child` whose port comes later: what is posted before waits, in order. */
export interface PortChild extends Child {
  attach(port: ElectronPort, pid: number | null): void;
  ended(code: number | null): void;
}

/** A process that the desktop starts for the host. `kill` asks the desktop to end it. */
export function createPortChild(kill: () => void): PortChild {
  const messageListeners: ((message: unknown) => void)[] = [];
  const exitListeners: ((code: number | null) => void)[] = [];
  let port: ElectronPort | null = null;
  let pid: number | undefined;
  let early: unknown[] = [];
  let exited: { code: number | null } | null = null;

  return {
    get pid() {
      return pid;
    },
    post(message) {
      // A message to a process that has ended is lost with it; onExit says so.
      if (exited) return;
      if (port) port.postMessage(message);
      else early.push(message);
    },
    onMessage: (listener) => messageListeners.push(listener),
    onExit: (listener) => (exited ? listener(exited.code) : exitListeners.push(listener)),
    kill,
    attach(attached, itsPid) {
      if (exited) return attached.close();
      port = attached;
      pid = itsPid ?? undefined;
      attached.on('message', (event) => {
        for (const listener of messageListeners) listener(event.data);
      });
      attached.start();
      for (const message of early) attached.postMessage(message);
      early = [];
    },
    ended(code) {
      if (exited) return;
      exited = { code };
      port?.close();
      port = null;
      early = [];
      for (const listener of exitListeners) listener(code);
    },
  };
}
