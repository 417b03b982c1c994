import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAskHttp } from './ask-http.ts';

const ask = createAskHttp(() => 1_700_000_000_000_000);

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serveTcp(onConnection: (socket: Socket) => void): Promise<string> {
  const server = createTcpServer(onConnection);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('one request', () => {
  it('tells each step and the raw answer', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(404, { 'content-type': 'text/html', age: '7', 'set-cookie': ['a=1', 'b=2'] });
      response.end('<h1>nothing</h1>');
    });
    const seen = await ask({ url: `${url}/x` });
    expect(seen).toMatchObject({ sent: 1_700_000_000_000_000, dns: null, tls: null, failure: null });
    expect(seen.answer).toMatchObject({ status: 404, isCut: false });
    expect(seen.answer!.headers).toMatchObject({ age: '7', 'set-cookie': 'a=1, b=2' });
    expect(new TextDecoder().decode(seen.answer!.body)).toBe('<h1>nothing</h1>');
    expect(seen.tcp!).toBeLessThanOrEqual(seen.head!);
    expect(seen.head!).toBeLessThanOrEqual(seen.total);
  });

  it('names the step that failed', async () => {
    const closed = await serve(() => undefined);
    const port = new URL(closed).port;
    expect((await ask({ url: 'ftp://x' })).failure).toMatchObject({ phase: 'url' });
    expect((await ask({ url: 'http://no-such-name.invalid/' })).failure).toMatchObject({ phase: 'dns' });
    expect((await ask({ url: 'http://127.0.0.1:1/' })).failure).toMatchObject({
      phase: 'tcp',
      code: 'ECONNREFUSED',
    });
    // It speaks no TLS.
    expect((await ask({ url: `https://127.0.0.1:${port}/`, timeoutMs: 3_000 })).failure).toMatchObject({
      phase: 'tls',
    });
  });

  it('ends with one that never answers, and with one that never ends', async () => {
    const silent = await serveTcp(() => undefined);
    expect((await ask({ url: `http://${silent}/`, timeoutMs: 100 })).failure).toMatchObject({
      phase: 'answer',
      code: 'ETIMEDOUT',
    });
    const dripping = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 5);
      response.once('close', () => clearInterval(timer));
    });
    expect((await ask({ url: dripping, timeoutMs: 1_500 })).failure).toMatchObject({
      phase: 'body',
      code: 'ETIMEDOUT',
    });
  });

  it('takes so much of what is too long, and hangs up', async () => {
    let isClosed: () => void;
    const closed = new Promise<void>((resolve) => (isClosed = resolve));
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': String(2 * 1024 ** 3) });
      const block = Buffer.alloc(65_536, 'x');
      const send = () => {
        while (!response.destroyed && response.write(block));
      };
      response.on('drain', send).once('close', () => isClosed());
      send();
    });
    const { answer } = await ask({ url, mostBytes: 100_000 });
    expect([answer!.body.length, answer!.isCut]).toEqual([100_000, true]);
    await closed;
  });

  it('does not follow, and sends what it is told', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/loop') return void response.writeHead(302, { location: '/loop' }).end();
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => response.end(`${request.method} ${String(request.headers['x-a'])} ${body}`));
    });
    expect((await ask({ url: `${url}/loop` })).answer).toMatchObject({ status: 302 });
    const posted = await ask({ url, method: 'POST', headers: { 'x-a': 'b' }, body: 'c' });
    expect(new TextDecoder().decode(posted.answer!.body)).toBe('POST b c');
  });

  it('ends when it is called off', async () => {
    const silent = await serveTcp(() => undefined);
    const stop = new AbortController();
    const asking = ask({ url: `http://${silent}/`, signal: stop.signal });
    stop.abort();
    expect((await asking).failure).toMatchObject({ code: 'ABORT_ERR' });
  });
});
