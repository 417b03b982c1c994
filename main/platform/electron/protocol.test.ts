import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProtocolHandler } from './protocol.ts';

let work = '';
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'warroom-protocol-'));
  await mkdir(join(work, 'renderer', 'assets'), { recursive: true });
  await writeFile(join(work, 'renderer', 'index.html'), '<!doctype html><html></html>');
  await writeFile(join(work, 'renderer', 'assets', 'a.js'), 'export {};');
  await writeFile(join(work, 'secret.txt'), 'secret');
});
afterAll(() => rm(work, { recursive: true, force: true }));

function handler() {
  const used = new Set<string>();
  return createProtocolHandler({
    folder: join(work, 'renderer'),
    redeem: async (ticket) => {
      if (used.has(ticket)) return null;
      used.add(ticket);
      return { path: join(work, 'secret.txt'), media: 'text/plain', name: 'it.txt', asDownload: true };
    },
    blobHeaders: (media) => ({
      'Content-Type': media,
      'Content-Security-Policy': "sandbox; default-src 'none'",
    }),
  });
}
const get = (address: string, method = 'GET') => handler()(new Request(address, { method }));

test('the page comes with its policy and its type', async () => {
  const response = await get('app://warroom/');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(await response.text()).toContain('<html>');
  expect((await get('app://warroom/assets/a.js')).headers.get('content-type')).toContain('text/javascript');
});

test('what is not below the folder, a folder, or not a GET is refused', async () => {
  expect((await get('app://warroom/..%2fsecret.txt')).status).toBe(404);
  expect((await get('app://warroom/assets')).status).toBe(404);
  expect((await get('app://warroom/none.js')).status).toBe(404);
  expect((await get('app://elsewhere/index.html')).status).toBe(404);
  expect((await get('app://warroom/', 'POST')).status).toBe(405);
});

test('a ticket serves its file once, in a sandbox', async () => {
  const handle = handler();
  const first = await handle(new Request('app://warroom/ticket/0123456789abcdef'));
  expect(await first.text()).toBe('secret');
  expect(first.headers.get('content-security-policy')).toContain('sandbox');
  const second = await handle(new Request('app://warroom/ticket/0123456789abcdef'));
  expect(second.status).toBe(404);
});
