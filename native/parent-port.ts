/** A child's end of its message channel to the host: Node's IPC, or a port that Electron's main process passes. */
export interface ParentPort {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
}

interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
}

/** `process.parentPort` of Electron's utility processes, as far as it is used. */
export interface ElectronParentPort {
  on(event: 'message', listener: (event: { ports: ElectronPort[] }) => void): void;
}

/** The channel to the process that started this one. When that process ends, so does this one. */
export function parentPort(): ParentPort {
  const electron = (process as unknown as { parentPort?: ElectronParentPort }).parentPort;
  if (electron) return channelThrough(electron, () => process.exit(0));
  process.on('disconnect', () => process.exit(0));
  return {
    post: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => process.on('message', listener),
  };
}

/**
 * In the desktop app the first message brings the host's port: bytes then go straight between the two, past the
 * windows' process. What is posted before it came waits, in order. `onClose`: the host ended.
 */
export function channelThrough(electron: ElectronParentPort, onClose: () => void): ParentPort {
  const listeners: ((message: unknown) => void)[] = [];
  let early: unknown[] = [];
  let port: ElectronPort | null = null;
  electron.on('message', (event) => {
    const came = event.ports[0];
    if (!came || port) return;
    port = came;
    came.on('message', ({ data }) => {
      for (const listener of listeners) listener(data);
    });
    came.on('close', onClose);
    came.start();
    for (const message of early) came.postMessage(message);
    early = [];
  });
  return {
    post: (message) => {
      if (port) port.postMessage(message);
      else early.push(message);
    },
    onMessage: (listener) => listeners.push(listener),
  };
}
