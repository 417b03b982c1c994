import { WarroomError } from '../../common/lib/errors.ts';
import type { PtyReply, PtyRequest } from '../../common/wire/pty-messages.ts';
import type { Child, Platform } from '../platform/types.ts';

export interface ShellListener {
  output(bytes: Uint8Array): void;
  inputDropped(bytes: number): void;
  exit(exit: number | null, signal: string | null): void;
  /** The pty-host ended: bytes may be missing. */
  lost(): void;
}

/** A shell in the pty-host. */
export interface PtyShell {
  readonly pid: number;
  input(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** So many bytes of output are stored. */
  taken(bytes: number): void;
  kill(signal: 'SIGHUP' | 'SIGKILL'): void;
}

/** The host's end of the pty-host. The process is started with the first shell, and anew after it was lost. */
export interface PtyClient {
  /** The pty-host's process, while there is one. */
  readonly pid: number | undefined;
  /** Throws `unavailable` when the shell can't be started. */
  spawn(
    request: Omit<Extract<PtyRequest, { type: 'spawn' }>, 'type'>,
    listener: ShellListener,
  ): Promise<PtyShell>;
  close(): void;
}

interface Waiting {
  listener: ShellListener;
  started(pid: number): void;
  failed(error: WarroomError): void;
}

export function createPtyClient(platform: Pick<Platform, 'fork'>): PtyClient {
  const shells = new Map<string, Waiting>();
  let child: Child | null = null;

  const take = (reply: PtyReply) => {
    const shell = shells.get(reply.id);
    if (!shell) return;
    if (reply.type === 'started') shell.started(reply.pid);
    else if (reply.type === 'output') shell.listener.output(reply.bytes);
    else if (reply.type === 'input.dropped') shell.listener.inputDropped(reply.bytes);
    else if (reply.type === 'exit') {
      shells.delete(reply.id);
      shell.listener.exit(reply.exit, reply.signal);
    } else if (reply.type === 'failed' && reply.of === 'spawn') {
      shells.delete(reply.id);
      shell.failed(cantStart(reply.message));
    }
  };
  const host = (): Child => {
    if (child) return child;
    const started = platform.fork('pty-host');
    child = started;
    started.onMessage((message) => take(message as PtyReply));
    started.onExit(() => {
      if (child === started) child = null;
      const lost = [...shells.values()];
      shells.clear();
      for (const shell of lost) {
        shell.failed(cantStart('the process that owns shells has ended'));
        shell.listener.lost();
      }
    });
    return started;
  };

  return {
    get pid() {
      return child?.pid;
    },
    spawn: (request, listener) => {
      const { id } = request;
      const post = (message: PtyRequest) => {
        if (shells.has(id)) child?.post(message);
      };
      return new Promise((resolve, reject) => {
        const started = (pid: number) =>
          resolve({
            pid,
            input: (bytes) => post({ type: 'input', id, bytes }),
            resize: (cols, rows) => post({ type: 'resize', id, cols, rows }),
            taken: (bytes) => post({ type: 'taken', id, bytes }),
            kill: (signal) => post({ type: 'kill', id, signal }),
          });
        const owner = host();
        shells.set(id, { listener, started, failed: reject });
        owner.post({ type: 'spawn', ...request });
      });
    },
    close: () => child?.kill(),
  };
}

function cantStart(why: string): WarroomError {
  return new WarroomError('unavailable', `The shell could not be started: ${why}.`, 'Open it again.');
}
