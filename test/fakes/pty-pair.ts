import { constants, openSync, renameSync, symlinkSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { openRaw } from '../../native/pty-host/node-pty.ts';

/** A serial line for tests: `path` is what a program opens, the rest is the device at its other end. */
export interface PtyPair {
  readonly path: string;
  /** Resolves when the line has taken all bytes; waits while it is full. */
  write(bytes: Uint8Array | string): Promise<void>;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Pulls the plug. */
  unplug(): Promise<void>;
}

/** Opens a pair in raw mode. */
export function createPtyPair(): PtyPair {
  const pair = openRaw();
  const path = pair._pty;
  // node-pty's stream of the slave eats what is written to the master. One that nobody reads keeps the pair open.
  pair._slave.destroy();
  const holder = new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
  holder.setRawMode(true);
  const closed = new Promise<void>((resolve) => pair._master.once('close', () => resolve()));
  pair._master.on('error', () => pair._master.destroy());
  return {
    path,
    write: (bytes) => writeAll(pair._fd, typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
    onData: (listener) => void pair._master.on('data', listener),
    unplug: async () => {
      holder.destroy();
      pair._master.destroy();
      await closed;
    },
  };
}

/** The stream's own write freezes the process when nobody reads. */
async function writeAll(descriptor: number, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(descriptor, bytes, written);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await setImmediate();
    }
  }
}

/** Makes `link` point at `path` in one step. */
export function pointLink(link: string, path: string): void {
  symlinkSync(path, `${link}.new`);
  renameSync(`${link}.new`, link);
}
