import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readlinkSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PtyReply, PtyRequest } from '../../common/wire/pty-messages.ts';
import { forkChild } from '../../main/platform/node/children.ts';
import type { Child } from '../../main/platform/types.ts';

type ReplyOf<T extends PtyReply['type']> = Extract<PtyReply, { type: T }>;

let child: Child;
let folder: string;
let link: string;
let replies: PtyReply[];
let watchers: Set<() => void>;
let exited: Promise<number | null>;

const post = (request: PtyRequest) => child.post(request);
const text = (value: string) => new TextEncoder().encode(value);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'warroom-pty-'));
  link = join(folder, 'board');
  replies = [];
  watchers = new Set();
  child = forkChild('pty-host');
  exited = new Promise((resolve) => child.onExit(resolve));
  child.onMessage((message) => {
    replies.push(message as PtyReply);
    for (const watcher of [...watchers]) watcher();
  });
});

afterEach(async () => {
  child.kill();
  await exited;
  rmSync(folder, { recursive: true });
});

/** The `nth` reply of a type, from 0. */
function reply<T extends PtyReply['type']>(type: T, nth = 0): Promise<ReplyOf<T>> {
  return new Promise((resolve) => {
    const look = () => {
      const found = replies.filter((each): each is ReplyOf<T> => each.type === type)[nth];
      if (!found) return;
      watchers.delete(look);
      resolve(found);
    };
    watchers.add(look);
    look();
  });
}

function openPort(): Promise<SerialPort> {
  return new Promise((resolve, reject) => {
    const port = new SerialPort({ path: link, baudRate: 57_600 }, (error) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** Reading ends, and nothing can be written any more. */
function isHungUp(fd: number): boolean {
  try {
    return readSync(fd, new Uint8Array(1)) === 0;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EIO';
  }
}

describe('a bare pair', () => {
  it('carries bytes both ways, raw', async () => {
    post({ type: 'pair.open', id: 'a', link });
    expect((await reply('pair.opened')).path).toBe(readlinkSync(link));
    const port = await openPort();
    const heard = new Promise<Buffer>((resolve) => port.once('data', resolve));
    post({ type: 'pair.write', id: 'a', bytes: Uint8Array.of(1, 3, 4, 0x11, 0x13, 10, 13, 255) });
    expect([...(await heard)]).toEqual([1, 3, 4, 0x11, 0x13, 10, 13, 255]);
    port.write('tare\n');
    expect(Buffer.from((await reply('pair.data')).bytes).toString()).toBe('tare\n');
    await new Promise((resolve) => port.close(resolve));
  });

  it('hangs up when it is unplugged, and comes back at the same path', async () => {
    post({ type: 'pair.open', id: 'a', link });
    await reply('pair.opened');
    // Not a SerialPort: it spins on the end of file when the hang-up meets it between two reads.
    const fd = openSync(link, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    expect(() => readSync(fd, new Uint8Array(1))).toThrow(/EAGAIN/);
    post({ type: 'pair.close', id: 'a' });
    await reply('pair.closed');
    await expect.poll(() => isHungUp(fd)).toBe(true);
    closeSync(fd);
    expect(existsSync(link)).toBe(false);
    post({ type: 'pair.open', id: 'a', link });
    await reply('pair.opened', 1);
    const again = await openPort();
    const heard = new Promise<Buffer>((resolve) => again.once('data', resolve));
    post({ type: 'pair.write', id: 'a', bytes: text('back\n') });
    expect((await heard).toString()).toBe('back\n');
    await new Promise((resolve) => again.close(resolve));
  });

  it('that nobody reads drops and counts, and freezes nothing', async () => {
    post({ type: 'pair.open', id: 'a', link });
    await reply('pair.opened');
    for (let i = 0; i < 200; i++) post({ type: 'pair.write', id: 'a', bytes: new Uint8Array(1000) });
    const dropped = await reply('pair.dropped');
    expect(dropped.bytes).toBeGreaterThan(100_000);
    expect(dropped.bytes).toBeLessThan(200_000);
    post({ type: 'pair.open', id: 'b' });
    expect((await reply('pair.opened', 1)).id).toBe('b');
  });

  it('takes its link with it when its process is ended', async () => {
    post({ type: 'pair.open', id: 'a', link });
    await reply('pair.opened');
    child.kill();
    await exited;
    expect(existsSync(link)).toBe(false);
  });

  it('that can’t be linked says why', async () => {
    post({ type: 'pair.open', id: 'a', link: join(folder, 'none', 'board') });
    expect(await reply('failed')).toMatchObject({ id: 'a', of: 'pair.open', code: 'ENOENT' });
  });
});

describe('a shell', () => {
  const spawn = (script: string) =>
    post({
      type: 'spawn',
      id: 's',
      file: '/bin/sh',
      args: ['-c', script],
      cwd: folder,
      env: { PATH: process.env.PATH ?? '' },
      cols: 80,
      rows: 24,
    });
  const output = () => Buffer.concat(replies.flatMap((each) => (each.type === 'output' ? [each.bytes] : [])));

  it('is held up when the host takes nothing, and loses nothing over its exit', async () => {
    spawn('stty -opost; echo; head -c 900000 /dev/zero');
    const total = () => output().length;
    await new Promise<void>((resolve) => {
      const look = () => void (total() > 512 * 1024 && resolve());
      watchers.add(look);
    });
    const before = total();
    expect(before).toBeLessThan(700_000);
    expect(replies.some((each) => each.type === 'exit')).toBe(false);
    let taken = 0;
    const take = () => {
      const bytes = total() - taken;
      taken += bytes;
      if (bytes > 0) post({ type: 'taken', id: 's', bytes });
    };
    watchers.add(take);
    take();
    expect(await reply('exit')).toEqual({ type: 'exit', id: 's', exit: 0, signal: null });
    expect(output().filter((byte) => byte === 0).length).toBe(900_000);
  });

  it('that reads no keys freezes nothing; what it did not take is counted', async () => {
    spawn('stty raw -echo; echo ready; sleep 60');
    await reply('output');
    for (let i = 0; i < 30; i++) post({ type: 'input', id: 's', bytes: new Uint8Array(100_000) });
    expect((await reply('input.dropped')).bytes).toBe(100_000);
    post({ type: 'pair.open', id: 'p' });
    await reply('pair.opened');
    post({ type: 'kill', id: 's', signal: 'SIGKILL' });
    expect(await reply('exit')).toMatchObject({ exit: null, signal: 'SIGKILL' });
  });

  it('still says its last words when a child of it holds the terminal', async () => {
    spawn('(trap "" HUP; sleep 20) & echo last; exit 4');
    expect(await reply('exit')).toMatchObject({ exit: 4 });
    expect(output().toString()).toContain('last');
  });
});

describe('a plain descriptor', () => {
  it('can read and write the slave as a program would', async () => {
    post({ type: 'pair.open', id: 'a' });
    const { path } = await reply('pair.opened');
    const fd = openSync(path, constants.O_RDWR | constants.O_NOCTTY);
    writeSync(fd, 'hello');
    expect(Buffer.from((await reply('pair.data')).bytes).toString()).toBe('hello');
    closeSync(fd);
  });
});
