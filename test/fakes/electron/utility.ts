import { EventEmitter } from 'node:events';
import { MessageChannel, type MessagePort } from 'node:worker_threads';

/** What a utility process sees as `process.parentPort`. */
export interface UtilitySide {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: PortMain[] }) => void): void;
}

/**
 * Electron's MessagePortMain over a real port: cloned messages, `{data}` events, nothing before `start`
 * (https://www.electronjs.org/docs/latest/api/message-port-main).
 */
export class PortMain extends EventEmitter {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
  }

  postMessage(message: unknown): void {
    this.#port.postMessage(message);
  }

  start(): void {
    this.#port.on('message', (data: unknown) => this.emit('message', { data, ports: [] }));
    this.#port.on('close', () => this.emit('close'));
  }

  close(): void {
    this.#port.close();
  }
}

export class MessageChannelMain {
  readonly port1: PortMain;
  readonly port2: PortMain;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = new PortMain(port1);
    this.port2 = new PortMain(port2);
  }
}

/**
 * A utility process that runs inside this one. Messages come later and are cloned, `spawn` comes before any message of
 * its own (https://www.electronjs.org/docs/latest/api/utility-process).
 */
export class UtilityProcess extends EventEmitter {
  readonly path: string;
  readonly pid: number;
  readonly #inner = new EventEmitter();
  #hasExited = false;

  constructor(path: string, pid: number, entry: (side: UtilitySide, exit: (code: number) => void) => void) {
    super();
    this.path = path;
    this.pid = pid;
    setImmediate(() => {
      entry(
        {
          postMessage: (message) => void setImmediate(() => this.emit('message', structuredClone(message))),
          on: (event, listener) => void this.#inner.on(event, listener),
        },
        (code) => this.exit(code),
      );
      this.emit('spawn');
    });
  }

  postMessage(message: unknown, ports: PortMain[] = []): void {
    const data = structuredClone(message);
    setImmediate(() => {
      if (!this.#hasExited) this.#inner.emit('message', { data, ports });
    });
  }

  kill(): boolean {
    setImmediate(() => this.exit(0));
    return true;
  }

  exit(code: number): void {
    if (this.#hasExited) return;
    this.#hasExited = true;
    this.emit('exit', code);
  }
}
