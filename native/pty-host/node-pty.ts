/** What @lydell/node-pty does and its types leave out (encoding null, bare pairs, descriptors). */
import type { ReadStream } from 'node:tty';
import * as nodePty from '@lydell/node-pty';
import type { IDisposable } from '@lydell/node-pty';

/** A process on a PTY, its output as raw bytes. */
export interface RawPty {
  readonly pid: number;
  /** The master's descriptor, non-blocking. Absent on Windows. */
  readonly _fd?: number;
  /** The master as a stream. On Windows it is the pipe of ConPTY. */
  readonly _socket: ReadStream;
  onData(listener: (bytes: Uint8Array) => void): IDisposable;
  onExit(listener: (event: { exitCode: number; signal?: number }) => void): IDisposable;
  write(bytes: Uint8Array): void;
  resize(cols: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal?: string): void;
}

/** A pair without a process. */
export interface RawPair {
  readonly _fd: number;
  /** The slave's path. */
  readonly _pty: string;
  readonly _master: ReadStream;
  readonly _slave: ReadStream;
}

export interface SpawnOptions {
  cwd: string;
  env: Record<string, string>;
  cols: number;
  rows: number;
}

export function spawnRaw(file: string, args: string[], options: SpawnOptions): RawPty {
  return nodePty.spawn(file, args, {
    ...options,
    name: 'xterm-256color',
    encoding: null,
  }) as unknown as RawPty;
}

/** `open` is there on Unix only, and its types do not name it. */
export function openRaw(): RawPair {
  const { open } = nodePty as unknown as { open(options: { encoding: null }): RawPair };
  return open({ encoding: null });
}
