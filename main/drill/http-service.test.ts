import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startService, type HttpService } from './http-service.ts';

let service: HttpService;
beforeEach(async () => {
  service = await startService('it', 0, {
    routes: { '/health': () => ({ body: { status: 'ok' } }) },
    elapsed: () => 0,
    date: () => new Date(),
    answer: ({ now }, at) => at(now),
  });
});
afterEach(() => service.close());

it('answers 400 to an address that is none, and goes on', async () => {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  socket.write('GET // HTTP/1.1\r\nHost: rig\r\nConnection: close\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /);
  expect((await fetch(`${service.url}/health`)).status).toBe(200);
});
