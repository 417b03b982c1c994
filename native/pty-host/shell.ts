import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { shellWindow } from '../../common/wire/pty-messages.ts';
import { spawnRaw, type RawPty, type SpawnOptions } from './node-pty.ts';

/** Quiet after an exit that counts as the end of the output, where no end of file comes. */
const quietMs = 250;
/** Keys that wait for a program that does not read them. */
const maxWaitingInput = 1 << 20;
/** Output is handed on in messages of at most about this size. */
const maxMessage = 64 * 1024;

export interface ShellEvents {
  output(bytes: Uint8Array): void;
  inputDropped(bytes: number): void;
  exit(exit: number | null, signal: string | null): void;
}

export interface Shell {
  readonly pid: number;
  input(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  /** The host has stored so many bytes. */
  taken(bytes: number): void;
  kill(signal: string): void;
}

/** Starts a program on a PTY. Throws when it can't be started. */
export function startShell(file: string, args: string[], options: SpawnOptions, events: ShellEvents): Shell {
  const pty = spawnRaw(file, args, options);
  const output = createOutput(pty, events);
  const input = createInput(pty, events);
  drainBeforeDestroy(pty, output);
  pty.onData(output.add);
  pty.onExit(({ exitCode, signal }) => {
    output.flush();
    input.stop();
    events.exit(signal ? null : exitCode, signal ? signalName(signal) : null);
  });
  return {
    pid: pty.pid,
    input: input.add,
    resize: (cols, rows) => pty.resize(cols, rows),
    taken: output.taken,
    kill: (signal) => pty.kill(process.platform === 'win32' ? undefined : signal),
  };
}

interface Output {
  add(bytes: Uint8Array): void;
  flush(): void;
  taken(bytes: number): void;
  /** Milliseconds since the last byte; 0 while the host holds the shell up. */
  quietFor(): number;
}

/** Joins what one turn of the loop read (a PTY gives at most 4 KiB a read) and holds the shell up when the host is behind. */
function createOutput(pty: RawPty, events: ShellEvents): Output {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let unstored = 0;
  let isPaused = false;
  let lastByteAt = performance.now();

  const flush = () => {
    if (waitingBytes === 0) return;
    events.output(Buffer.concat(waiting));
    waiting = [];
    waitingBytes = 0;
  };
  return {
    flush,
    add: (bytes) => {
      lastByteAt = performance.now();
      if (waitingBytes === 0) setImmediate(flush);
      waiting.push(bytes);
      waitingBytes += bytes.length;
      unstored += bytes.length;
      if (waitingBytes >= maxMessage) flush();
      if (unstored > shellWindow && !isPaused) {
        isPaused = true;
        pty.pause();
      }
    },
    taken: (bytes) => {
      unstored -= bytes;
      if (isPaused && unstored <= shellWindow / 2) {
        isPaused = false;
        lastByteAt = performance.now();
        pty.resume();
      }
    },
    quietFor: () => (isPaused ? 0 : performance.now() - lastByteAt),
  };
}

/**
 * node-pty destroys the master 200 ms after the exit whatever is still in it, also while it is paused. That call is
 * put off until the end of file (then the stream destroys itself) or until nothing came for `quietMs`.
 */
function drainBeforeDestroy(pty: RawPty, output: Output): void {
  if (process.platform === 'win32') return;
  const socket = pty._socket;
  const destroy = socket.destroy.bind(socket);
  let isWaiting = false;
  const whenQuiet = () => {
    const left = quietMs - output.quietFor();
    if (left <= 0) destroy();
    else setTimeout(whenQuiet, left);
  };
  socket.destroy = (error) => {
    if (error || socket.readableEnded || socket.destroyed) return destroy(error);
    if (!isWaiting) whenQuiet();
    isWaiting = true;
    return socket;
  };
}

/**
 * Keys, in order. The stream's own write would block the whole process when a program does not read, so the
 * descriptor (non-blocking) is written and what it does not take waits.
 */
function createInput(pty: RawPty, events: ShellEvents) {
  const descriptor = pty._fd;
  let waiting = Buffer.alloc(0);
  let timer: NodeJS.Timeout | null = null;

  const write = (fd: number) => {
    timer = null;
    try {
      while (waiting.length > 0) waiting = waiting.subarray(writeSync(fd, waiting));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') timer = setTimeout(write, 10, fd);
      else drop(waiting.length);
    }
  };
  const drop = (bytes: number) => {
    waiting = Buffer.alloc(0);
    if (bytes > 0) events.inputDropped(bytes);
  };
  return {
    add: (bytes: Uint8Array) => {
      if (descriptor === undefined || descriptor < 0 || process.platform === 'win32') return pty.write(bytes);
      if (waiting.length + bytes.length > maxWaitingInput) return events.inputDropped(bytes.length);
      waiting = Buffer.concat([waiting, bytes]);
      if (!timer) write(descriptor);
    },
    stop: () => {
      if (timer) clearTimeout(timer);
      drop(waiting.length);
    },
  };
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, value]) => value === number);
  return found ? found[0] : `signal ${number}`;
}
