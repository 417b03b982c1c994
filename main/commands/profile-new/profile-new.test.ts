import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ProbeReport } from '../../../common/contract/devices.ts';
import { loadProfile } from '../../../common/profile/index.ts';
import { newProfile, type NewProfileOptions } from './index.ts';
import type { Ports } from './port.ts';

type Route = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that is there for one test. Answers its address and what was asked of it. */
async function serve(routes: Record<string, Route>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const route = routes[request.url!.split('?')[0]!];
    if (route) return route(request, response);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const json =
  (body: unknown): Route =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const noPorts: Ports = { ports: () => Promise.resolve([]), probe: () => reports() };
async function* reports(...all: ProbeReport[]): AsyncGenerator<ProbeReport> {
  yield* await Promise.resolve(all);
}

async function draft(options: Partial<NewProfileOptions>, ports = noPorts, environment = {}) {
  const full = { name: 'drafted', urls: [], ports: [], tables: [], ...options };
  const text = await newProfile(
    { openapi: '/openapi.json', keyName: 'THE_KEY', timeoutMs: 2000, ...full },
    { ports, environment },
  );
  const { profile, mistakes } = loadProfile(text);
  expect(mistakes).toEqual([]);
  return { text, profile: profile! };
}

const openapi = {
  openapi: '3.1.0',
  info: { title: 'QC vision', version: '2.1' },
  paths: {
    '/parts': {
      get: {
        summary: 'Parts seen',
        parameters: [
          { name: 'since', in: 'query', schema: { type: 'integer' } },
          { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 250 } },
        ],
        responses: {
          200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Page' } } } },
        },
      },
    },
    '/parts/{id}': { get: {} },
    '/search': { get: { parameters: [{ name: 'q', in: 'query', required: true }] } },
    '/reset': { post: {} },
  },
  components: {
    schemas: {
      Page: {
        type: 'object',
        properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Part' } } },
      },
      Part: {
        type: 'object',
        properties: {
          id: { type: 'integer' },
          at: { type: 'string', format: 'date-time' },
          latency_ms: { type: 'number' },
          confidence: { type: 'number' },
          'odd.name': { type: 'number' },
          next: { $ref: '#/components/schemas/Part' },
        },
      },
    },
  },
};

describe('a profile that is drafted from a running system', () => {
  it('says what its OpenAPI document and its health say, and what is to be filled in', async () => {
    const { url, asked } = await serve({
      '/openapi.json': json(openapi),
      '/healthz': json({ ok: true, started_at: '2026-01-01T00:00:00Z', version: '2.1' }),
      '/metrics': (_request, response) => response.end('fps 27.9\nparts_total{label="ok"} 3\n'),
    });
    const { text, profile } = await draft({ urls: [`${url}/`] });
    expect(profile.services).toMatchObject([
      {
        name: 'qc-vision',
        url,
        health: '/healthz',
        openapi: '/openapi.json',
        startedAt: { path: '/healthz', field: 'started_at', epoch: 'iso-8601' },
        version: { path: '/healthz', field: 'version' },
        paths: [
          {
            path: '/parts',
            means: 'Parts seen',
            rows: 'items',
            key: 'id',
            time: { field: 'at', epoch: 'iso-8601' },
            since: { query: 'since', field: 'id' },
            limit: { query: 'limit', most: 250 },
            fields: [{ field: 'latency_ms', unit: 'ms' }],
          },
        ],
      },
    ]);
    expect(text).toContain('# /parts/{id} is left out: it has a part that is to be filled in.');
    expect(text).toContain('# /search is left out: it wants q.');
    expect(text).toContain('TO FILL IN: the units, where they have one, of confidence, odd.name.');
    expect(text).toContain('# /metrics has 2 metrics: fps, parts_total.');
    // It only ever reads, and nothing that was not asked for.
    expect(asked).toEqual(['GET /openapi.json', 'GET /health', 'GET /healthz', 'GET /metrics']);
  });

  it('names services apart that call themselves the same', async () => {
    const { url } = await serve({ '/openapi.json': json(openapi), '/health': json({}) });
    const { profile } = await draft({ urls: [url, url] });
    expect(profile.services.map(({ name }) => name)).toEqual(['qc-vision', 'qc-vision-2']);
  });

  it.each<[string, Route, string]>([
    [
      'asks who is there',
      (_q, response) => response.writeHead(401).end(),
      'answered 401: it wants to know who asks',
    ],
    [
      'sends elsewhere',
      (_q, response) => response.writeHead(302, { location: '/login' }).end(),
      'sends elsewhere, to /login',
    ],
    ['answers a page', (_q, response) => response.end('<html>'), 'that is no OpenAPI document'],
    ['never ends', (_q, response) => void response.writeHead(200).write('{'), 'did not answer within 300 ms'],
    [
      'sends too much',
      (_q, response) => response.end(Buffer.alloc(2 * 1024 * 1024 + 1, 32)),
      'more than 2 MiB',
    ],
    ['cuts off', (request) => request.socket.destroy(), '/openapi.json did not answer'],
  ])('says so where a service %s', async (_what, route, said) => {
    const { url } = await serve({ '/openapi.json': route, '/health': json({ status: 'ok' }) });
    const { text, profile } = await draft({ urls: [url], timeoutMs: 300 });
    expect(text).toContain(said);
    expect(profile.services).toMatchObject([{ url, paths: [] }]);
  });

  it('takes nothing from a document that lies about its form', async () => {
    const loop = { $ref: '#/components/schemas/A' };
    const hostile = {
      openapi: '3.0.0',
      info: { title: 'x\nevil: true\r\n- y: 1', version: 7 },
      paths: {
        '/a': {
          get: {
            summary: 'one\n\nowner: me\u2028z: 1',
            responses: { 200: { content: { 'application/json': { schema: loop } } } },
          },
        },
        'no-slash': { get: {} },
        '/b c#': { get: {} },
        '/c': { get: { responses: [], parameters: 'none' } },
        '/d': 5,
        ...Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`/many/${i}`, { get: {} }])),
      },
      components: { schemas: { A: loop } },
    };
    const { url } = await serve({ '/openapi.json': json(hostile), '/health': json({}) });
    const { text, profile } = await draft({ urls: [url] });
    expect(text).not.toMatch(/^(evil|owner|z):/m);
    expect(profile.services[0]!.paths.map(({ path }) => path).slice(0, 3)).toEqual(['/a', '/c', '/many/0']);
    expect(text).toContain('more paths are not in this draft');
    expect(text).toContain('# no-slash is left out');
  });
});

describe('a table in a draft', () => {
  it('is read with the key that the environment has, which is not written down', async () => {
    const seen: (string | undefined)[] = [];
    const { url } = await serve({
      '/rest/v1/scores': (request, response) => {
        seen.push(request.headers.apikey as string, request.headers.authorization);
        json([{ part: 7, at: '2026-01-01T00:00:00+00:00', grams: 51.5 }])(request, response);
      },
    });
    const { text, profile } = await draft({ tables: [`${url}/rest/v1/scores`] }, noPorts, {
      THE_KEY: 'secret-7',
    });
    expect(seen).toEqual(['secret-7', 'Bearer secret-7']);
    expect(text).not.toContain('secret-7');
    expect(profile.tables).toMatchObject([
      {
        name: 'scores',
        url,
        key: { env: 'THE_KEY' },
        table: 'scores',
        keyColumn: 'part',
        timeColumn: 'at',
        fields: [{ field: 'grams', unit: 'g' }],
      },
    ]);
  });

  it('that can not be read says why', async () => {
    const { url } = await serve({ '/rest/v1/scores': (_q, response) => response.writeHead(401).end() });
    const { text } = await draft({ tables: [`${url}/rest/v1/scores`] });
    expect(text).toContain('wants to know who asks. It was asked without a key: THE_KEY is not set.');
    await expect(draft({ tables: [`${url}/scores`] })).rejects.toThrow('is no address of a table');
    await expect(draft({ urls: ['file:///etc/passwd'] })).rejects.toThrow('is no address');
  });
});

describe('a port in a draft', () => {
  const report: ProbeReport = {
    phase: 'done',
    link: 'serial:/dev/ttyACM0',
    identity: null,
    baud: 115_200,
    tried: [115_200],
    bytes: 900,
    garbled: false,
    guesses: [
      { dialect: 'hx711-csv', options: { decimal: ',' }, confidence: 0.98, lines: 40, why: 'all lines fit' },
      { dialect: 'csv', options: {}, confidence: 0.4, lines: 40, why: 'numbers' },
    ],
    lines: [],
    problem: null,
  };
  const listed = [
    { path: '/dev/ttyACM0', vendorId: '1a86', productId: '7523', serialNumber: '5' },
    { path: '/dev/ttyS0', manufacturer: 'Made\nup' },
  ];

  it('is what speaks there, by its USB identity; the others are listed', async () => {
    const ports: Ports = { ports: () => Promise.resolve(listed), probe: () => reports(report) };
    const { text, profile } = await draft({ ports: ['/dev/ttyACM0'] }, ports);
    expect(profile.devices).toMatchObject([
      {
        id: 'ttyacm0',
        dialect: 'hx711-csv',
        options: { decimal: ',' },
        link: { by: 'usb', vendorId: '1a86', productId: '7523', serialNumber: '5', baud: 115_200 },
      },
    ]);
    expect(text).toContain('# all lines fit (98 %). Else csv.');
    expect(text).toContain('# /dev/ttyS0, Made up');
  });

  it('where nothing is understood is left out, with the reason', async () => {
    const problem = { code: 'unavailable', message: 'It is silent.', hint: 'Press reset.' };
    const silent: ProbeReport = { ...report, guesses: [], problem };
    const ports: Ports = {
      ports: () => Promise.reject(new Error('no process')),
      probe: () => reports(silent),
    };
    const { text, profile } = await draft({ ports: ['/dev/ttyACM0'] }, ports);
    expect(profile.devices).toEqual([]);
    expect(text).toContain('# /dev/ttyACM0 is left out: It is silent. Press reset.');
    expect(text).toContain('could not be listed: no process');
  });
});
