import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TicketFile } from '../platform/electron/messages.ts';
import { createPageServer, type PageServer } from './server.ts';
import { createTickets, createTokens } from './tokens.ts';

const random = (count: number) => crypto.getRandomValues(new Uint8Array(count));
const tickets = createTickets<TicketFile>(random);
/** More than the buffers of a connection take: the host is still reading when the page has its first bytes. */
const largeBytes = 256 << 20;

let folder = '';
let server: PageServer;
let logged: string[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-server-'));
  logged = [];
  const tokens = createTokens(random);
  const log = (message: string) => void logged.push(message);
  server = await createPageServer(
    { pageFolder: folder, tokens, tickets, seatOf: () => 'seat', onControl: () => undefined, log },
    0,
  );
});
afterEach(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const url = (path: string) => `http://127.0.0.1:${server.port}${path}`;
const ticketFor = (path: string) =>
  url(`/ticket/${tickets.mint({ path, media: 'text/plain', name: 'it', asDownload: true })}`);

async function large(): Promise<string> {
  const path = join(folder, 'large');
  await writeFile(path, '');
  await truncate(path, largeBytes);
  return path;
}

/** The answer at `address`, of which nothing is read yet. */
async function opened(address: string): Promise<IncomingMessage> {
  const [response] = (await once(get(address), 'response')) as [IncomingMessage];
  return response;
}

describe('a download by ticket', () => {
  it('comes whole, with its length, once', async () => {
    const path = join(folder, 'it');
    await writeFile(path, 'eleven byte');
    const address = ticketFor(path);
    const response = await fetch(address);
    expect(response.headers.get('content-length')).toBe('11');
    expect(await response.text()).toBe('eleven byte');
    expect((await fetch(address)).status).toBe(404);
  });

  it('may be empty', async () => {
    await writeFile(join(folder, 'none'), '');
    const response = await fetch(ticketFor(join(folder, 'none')));
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('says that its file is gone', async () => {
    const response = await fetch(ticketFor(join(folder, 'gone')));
    expect(response.status).toBe(410);
    expect(await response.text()).toContain('ENOENT');
  });

  it('that cannot be read does not look like a whole one', async () => {
    await mkdir(join(folder, 'folder'));
    const response = fetch(ticketFor(join(folder, 'folder')));
    await expect(
      response.then(async (answer) => (answer.ok ? answer.text() : Promise.reject(new Error('refused')))),
    ).rejects.toThrow();
  });

  it('whose file becomes shorter under way is cut off, never ended', async () => {
    const path = await large();
    const response = await opened(ticketFor(path));
    await truncate(path, 1);
    response.resume();
    const ended = await Promise.race([
      once(response, 'end').then(() => 'ended'),
      once(response, 'close').then(() => 'closed'),
    ]).catch((error: NodeJS.ErrnoException) => error.code);
    expect(ended).toBe('ECONNRESET');
    expect(logged).toEqual(['A request failed']);
  });

  it('that the page gives up is no failure', async () => {
    const response = await opened(ticketFor(await large()));
    response.destroy();
    await once(response, 'close').catch(() => undefined);
    expect((await fetch(url('/'))).status).toBe(404);
    expect(logged).toEqual([]);
  });
});

describe('a page', () => {
  it('comes with its length', async () => {
    await writeFile(join(folder, 'index.html'), '<p>');
    const response = await fetch(url('/'));
    expect(response.headers.get('content-length')).toBe('3');
    expect(await response.text()).toBe('<p>');
  });

  // A regular file whose first byte can't be read, also not by root.
  it.skipIf(process.platform !== 'linux')(
    'whose file cannot be read is cut off; the host goes on',
    async () => {
      await symlink('/proc/self/mem', join(folder, 'unreadable.js'));
      await expect(fetch(url('/unreadable.js')).then((response) => response.text())).rejects.toThrow();
      expect((await fetch(url('/'))).status).toBe(404);
    },
  );
});

it('a request for an address that is none is answered 400', async () => {
  const socket = connect(server.port, '127.0.0.1');
  socket.write(`GET // HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`);
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
});
