import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Child, ChildName } from '../types.ts';

/** From source (Node runs the .ts file as it is) or, once built, the file beside this one. */
function entryOf(name: ChildName): string {
  const fromSource = import.meta.url.endsWith('.ts');
  return fileURLToPath(
    new URL(fromSource ? `../../../native/${name}/main.ts` : `./${name}.js`, import.meta.url),
  );
}

/** Starts a process of ours under plain Node. It ends with its parent: its IPC channel closes. */
export function forkChild(name: ChildName): Child {
  const child = fork(entryOf(name), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const exitListeners: ((code: number | null) => void)[] = [];
  let exited: { code: number | null } | null = null;
  const ended = (code: number | null) => {
    if (exited) return;
    exited = { code };
    for (const listener of exitListeners) listener(code);
  };
  child.once('exit', ended);
  child.once('error', () => ended(null));
  return {
    pid: child.pid,
    post: (message) => {
      // A message to a process that has just ended is lost with it; onExit says so.
      if (child.connected) child.send(message as object, () => undefined);
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => (exited ? listener(exited.code) : exitListeners.push(listener)),
    kill: () => child.kill('SIGTERM'),
  };
}
