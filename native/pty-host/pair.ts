import { constants, openSync, readlinkSync, renameSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { openRaw } from './node-pty.ts';

export interface PairEvents {
  data(bytes: Uint8Array): void;
  /** Bytes dropped since the pair was opened. */
  dropped(bytes: number): void;
}

/** A bare PTY pair: a serial line whose far end is played by us. */
export interface Pair {
  /** The slave's own path. */
  readonly path: string;
  write(bytes: Uint8Array): void;
  close(): void;
}

/** Drops are told at most this often. */
const dropReportMs = 100;

/** Opens a pair in raw mode and points `link` at its slave. Throws what the system throws. */
export function openPair(link: string | undefined, events: PairEvents): Pair {
  const pair = openRaw();
  const path = pair._pty;
  // node-pty's stream of the slave eats what is written to the master. A stream of our own, which is never read,
  // keeps the pair open while nobody has it open. A pseudo-terminal begins in line mode with echo (the other end would
  // get its own commands back): raw mode lasts as long as the stream that set it, so it is set on this one.
  pair._slave.destroy();
  const holder = new ReadStream(openSync(path, constants.O_RDWR | constants.O_NOCTTY));
  holder.setRawMode(true);
  pair._master.on('data', (bytes: Uint8Array) => events.data(bytes));
  pair._master.on('error', () => pair._master.destroy());
  if (link !== undefined) pointAt(link, path);

  const drops = createDropCounter(events);
  let isOpen = true;
  return {
    path,
    write: (bytes) => {
      if (isOpen) drops.add(bytes.length - writeSome(pair._fd, bytes));
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      drops.stop();
      // First the link: once the pair is closed its number may become someone's terminal.
      if (link !== undefined) removeLink(link, path);
      holder.destroy();
      pair._master.destroy();
    },
  };
}

/** How many bytes were taken. Waiting is no choice: master.write would freeze the process when nobody reads. */
function writeSome(descriptor: number, bytes: Uint8Array): number {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(descriptor, bytes, written);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EAGAIN' && code !== 'EIO') throw error;
  }
  return written;
}

/** Moves the link in one step, so that who opens it gets the old pair or the new one. */
function pointAt(link: string, path: string): void {
  const fresh = `${link}.new`;
  rmSync(fresh, { force: true });
  symlinkSync(path, fresh);
  renameSync(fresh, link);
}

function removeLink(link: string, path: string): void {
  try {
    if (readlinkSync(link) === path) rmSync(link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function createDropCounter(events: PairEvents) {
  let total = 0;
  let timer: NodeJS.Timeout | null = null;
  const report = () => {
    timer = null;
    events.dropped(total);
  };
  return {
    add: (bytes: number) => {
      if (bytes === 0) return;
      total += bytes;
      timer ??= setTimeout(report, dropReportMs);
    },
    stop: () => {
      if (!timer) return;
      clearTimeout(timer);
      report();
    },
  };
}
