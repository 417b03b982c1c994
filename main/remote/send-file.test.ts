import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendFile } from './send-file.ts';

let folder = '';
const server = createServer();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-send-'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  server.removeAllListeners('request');
  await rm(folder, { recursive: true, force: true });
});

/** More than a connection's buffers take, so that it is never sent whole while nobody reads. */
async function large(): Promise<string> {
  const path = join(folder, 'large');
  await writeFile(path, '');
  await truncate(path, 256 << 20);
  return path;
}

function ask() {
  const request = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  // Each test destroys it on purpose.
  request.on('error', () => undefined);
  return request;
}

async function asked(): Promise<ServerResponse> {
  const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
  return response;
}

it('stops reading when the page goes away under way', async () => {
  const path = await large();
  const request = ask();
  const sending = sendFile(path, {}, await asked());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  request.destroy();
  await sending;
});

it('reads nothing for a page that has gone already', async () => {
  const path = await large();
  const request = ask();
  const response = await asked();
  const closed = once(response, 'close');
  request.destroy();
  await closed;
  await sendFile(path, {}, response);
});

it('rejects before any header when the file cannot be opened', async () => {
  const request = ask();
  const response = await asked();
  await expect(sendFile(join(folder, 'gone'), {}, response)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(response.headersSent).toBe(false);
  request.destroy();
});
