import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { serviceSpec, type ServiceHealth } from '../../common/contract/services.ts';
import { anchorNow, createClock } from '../platform/node/clock.ts';
import { createServices, type ServiceLinkEvent } from './index.ts';

type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** A service on this machine that can be stopped and started again at its port. */
async function serve(routes: Record<string, Route>) {
  let server: Server | null = null;
  let port = 0;
  const start = async () => {
    const starting = createServer((request, response) => {
      const route = routes[new URL(request.url!, 'http://x').pathname];
      if (route) route(request, response);
      else response.writeHead(404).end();
    });
    server = starting;
    await new Promise<void>((resolve) => starting.listen(port, '127.0.0.1', resolve));
    port = (starting.address() as AddressInfo).port;
  };
  const stop = async () => {
    const stopping = server;
    server = null;
    if (!stopping) return;
    stopping.closeAllConnections();
    await new Promise((resolve) => stopping.close(resolve));
  };
  await start();
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${port}`, start, stop, server: () => server! };
}

const json =
  (body: unknown): Route =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

function watch() {
  const services = createServices({ platform: { clock: createClock(anchorNow()) } });
  const samples = new Map<string, { t: number[]; v: number[]; seqs: number[] }>();
  const links: ServiceLinkEvent[] = [];
  const wakes = new Set<() => void>();
  const wake = () => [...wakes].forEach((each) => each());
  services.onBlocks((blocks) => {
    for (const { channel, t, v, seq } of blocks) {
      const kept = samples.get(channel) ?? { t: [], v: [], seqs: [] };
      samples.set(channel, kept);
      kept.t.push(...t);
      kept.v.push(...v);
      kept.seqs.push(seq);
    }
    wake();
  });
  services.onLink((event) => (links.push(event), wake()));
  const stopping = new AbortController();
  void (async () => {
    for await (const _ of services.health.watch(stopping.signal)) wake();
  })();
  onTestFinished(async () => {
    stopping.abort();
    await services.close();
  });
  return {
    services,
    links,
    of: (channel: string) => samples.get(channel) ?? { t: [], v: [], seqs: [] },
    health: (): ServiceHealth => services.health.get()[0]!,
    async until(holds: () => boolean) {
      while (!holds()) await new Promise<void>((resolve) => wakes.add(resolve)).finally(() => wakes.clear());
    },
  };
}

const part = (index: number) => ({
  part: index,
  at: new Date(1_795_000_000_000 + index * 1000).toISOString(),
  confidence: 0.5 + index / 100,
  boxes: [1, 2, 3],
});
const columns = [
  { column: 'confidence', name: 'confidence', unit: '', field: 'confidence' },
  { column: 'boxes', name: 'boxes', unit: '', field: 'boxes' },
];

describe('a polled service', () => {
  it('gives each answer once, in order, and its health beside it', async () => {
    const asked: (string | null)[] = [];
    const { url } = await serve({
      '/health': json({ status: 'ok' }),
      '/parts': (request, response) => {
        const since = new URL(request.url!, 'http://x').searchParams.get('since');
        asked.push(since);
        const from = since === null ? 0 : Number(since) + 1;
        json({ items: [part(from), part(from + 1)] })(request, response);
      },
    });
    const room = watch();
    const answers = { by: 'poll', path: '/parts', items: 'items', since: { query: 'since', field: 'part' } };
    room.services.connect(serviceSpec.parse({ name: 'cv', url, everyMs: 100, answers, columns }));
    await room.until(() => room.of('cv/confidence').v.length >= 6);
    expect(room.of('cv/confidence').v.slice(0, 6)).toEqual([0.5, 0.51, 0.52, 0.53, 0.54, 0.55]);
    expect(room.of('cv/boxes').v[0]).toBe(3);
    expect(asked.slice(0, 3)).toEqual([null, '1', '3']);
    const { t, seqs } = room.of('cv/confidence');
    expect(t.every((time, i) => i === 0 || time > t[i - 1]!)).toBe(true);
    expect(seqs).toEqual(seqs.map((_, i) => i));
    await room.until(() => room.health().state === 'up');
    expect(room.health()).toMatchObject({ problem: null, rejected: 0 });
    expect(room.health().clock!.uncertaintyMicros).toBeLessThanOrEqual(600_000);
    expect(room.of('cv/answer').v[0]).toBeGreaterThan(0);
  });

  it('that stops is down, its channel `up` says so, and it is asked until it is back', async () => {
    const service = await serve({ '/health': json({}) });
    const room = watch();
    room.services.connect(serviceSpec.parse({ name: 'cv', url: service.url, everyMs: 100 }));
    await room.until(() => room.health().state === 'up');
    await service.stop();
    await room.until(() => room.health().state === 'down');
    expect(room.health().problem).toMatchObject({ code: 'unavailable' });
    expect(room.of('cv/up').v.at(-1)).toBe(0);
    await service.start();
    await room.until(() => room.health().state === 'up');
    expect(room.links.map(({ state }) => state)).toEqual(['connected', 'lost', 'connected']);
    expect(room.of('cv/up').v.at(-1)).toBe(1);
    await room.services.disconnect('cv');
    expect(room.health().state).toBe('stopped');
    expect(room.links.at(-1)).toMatchObject({ state: 'lost', reason: 'Disconnected on request.' });
  });

  it('explains an answer that is none: a login page, a redirect, silence, too much', async () => {
    const cases: [Route, RegExp][] = [
      [(_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), /text\/html/],
      [(_, response) => response.writeHead(302, { location: '/login' }).end(), /answered 302/],
      [() => undefined, /did not answer within 200 ms/],
      [(_, response) => response.writeHead(200).end(Buffer.alloc(5 << 20, 32)), /more than 4 MiB/],
      [json({ items: 7 }), /no list at items/],
    ];
    for (const [route, message] of cases) {
      const { url } = await serve({ '/health': json({}), '/parts': route });
      const room = watch();
      const answers = { by: 'poll', path: '/parts', items: 'items' };
      const spec = { name: 'cv', url, everyMs: 100, timeoutMs: 200, answers, columns };
      room.services.connect(serviceSpec.parse(spec));
      await room.until(() => room.health()?.problem !== null && room.health()?.problem !== undefined);
      expect(room.health().problem!.message).toMatch(message);
      expect(room.health().problem!.hint).not.toBe('');
    }
  });

  it('is slow when it takes twice what is expected', async () => {
    const { url } = await serve({
      '/health': (_, response) => void setTimeout(() => response.writeHead(200).end('{}'), 60),
    });
    const room = watch();
    room.services.connect(serviceSpec.parse({ name: 'cv', url, everyMs: 100, expectedMs: 20 }));
    await room.until(() => room.health().state === 'slow');
    expect(room.health().answerMs).toBeGreaterThan(40);
  });
});

describe('a service that sends', () => {
  const spec = (url: string, by: 'sse' | 'ws') =>
    serviceSpec.parse({ name: 'cv', url, everyMs: 100, answers: { by, path: '/stream' }, columns });

  it('server-sent events: each is an answer, what is none is counted, and it is asked again when they end', async () => {
    let connections = 0;
    const { url } = await serve({
      '/health': json({}),
      '/stream': (_request, response) => {
        connections++;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        const half = `data: ${JSON.stringify(part(connections))}\n`;
        response.write(`: hello\n\n${half.slice(0, 20)}`);
        setTimeout(() => response.end(`${half.slice(20)}\ndata: no json\n\ndata: {"other":1}\n\n`), 5);
      },
    });
    const room = watch();
    room.services.connect(spec(url, 'sse'));
    await room.until(() => room.of('cv/confidence').v.length >= 2);
    expect(room.of('cv/confidence').v).toEqual([0.51, 0.52]);
    await room.until(() => room.health().rejected >= 4);
    expect(room.health().reconnects).toBeGreaterThanOrEqual(1);
  });

  it('a WebSocket: the same, and a message too large closes it', async () => {
    const service = await serve({ '/health': json({}) });
    const sockets = new WebSocketServer({ server: service.server(), path: '/stream' });
    onTestFinished(() => sockets.close());
    let connections = 0;
    sockets.on('connection', (socket) => {
      connections++;
      socket.send(JSON.stringify(part(connections)));
      socket.send(Buffer.of(1, 2));
      socket.send('x'.repeat(2 << 20));
    });
    const room = watch();
    room.services.connect(spec(service.url, 'ws'));
    await room.until(() => room.of('cv/confidence').v.length >= 2);
    expect(room.of('cv/confidence').v).toEqual([0.51, 0.52]);
    await room.until(() => /Max payload/i.test(room.health().problem?.message ?? ''));
  });
});

describe('metrics', () => {
  it('are channels: values as they are, counters as what they grow a second', async () => {
    let total = 0;
    const { url } = await serve({
      '/health': json({}),
      '/metrics': (_request, response) =>
        response.end(`parts_total{line="1"} ${(total += 10)}\nqueue_depth 7\n`),
    });
    const room = watch();
    const metrics = {
      columns: [
        { column: 'parts', name: 'parts', unit: '/s', metric: 'parts_total', as: 'rate' },
        { column: 'queue', name: 'queue', metric: 'queue_depth' },
      ],
    };
    room.services.connect(serviceSpec.parse({ name: 'llm', url, everyMs: 100, metrics }));
    await room.until(() => room.of('llm/parts').v.length >= 2);
    expect(room.of('llm/queue').v[0]).toBe(7);
    const [first, second] = room.of('llm/parts').t;
    const between = (second! - first!) / 1e6;
    expect(room.of('llm/parts').v[1]! * between).toBeCloseTo(10, 6);
  });
});
