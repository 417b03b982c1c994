/** A service whose rows a test makes, as they would be of a model: healthy ones, and changed. */
import { type RequestListener } from 'node:http';
import type { Baseline } from '../../common/baseline/index.ts';
import type { Profile } from '../../common/profile/index.ts';
import { takeBaseline } from '../../main/ladder/baseline/take.ts';
import type { CheckContext } from '../../main/ladder/context.ts';
import { bareContext, profileOf, serveHttp } from './check-room.ts';
import { seeded } from './seeded.ts';

export type Row = Record<string, unknown>;

const start = Date.UTC(2026, 0, 1);

/** Row `part` of a healthy model; another seed is another day. */
export function healthyRow(part: number, seed = 1): Row {
  const random = seeded(seed * 100_000 + part);
  const normal = () => Array.from({ length: 12 }, random).reduce((sum, each) => sum + each, -6);
  const draw = random();
  const label = draw < 0.8 ? 'ok' : draw < 0.9 ? 'scratch' : 'dent';
  return {
    part,
    at: new Date(start + part * 3000).toISOString(),
    label,
    confidence: Math.round((0.86 + normal() * 0.04) * 1000) / 1000,
    grams: Math.round((310 + normal() * 4) * 100) / 100,
    box: [480 + Math.round(normal() * 12), 250 + Math.round(normal() * 8), 320, 220],
    latency_ms: Math.round((36 + normal() * 2) * 1000) / 1000,
  };
}

export const serviceYaml = (url: string, more = '') => `name: line
services:
  - name: cv
    url: ${url}
    openapi: /openapi.json
    paths:
      - path: /detections
        rows: items
        key: part
        time: { field: at, epoch: iso-8601 }
        since: { query: since, field: part }
        limit: { query: limit, most: 500 }
        fields:
          - { field: latency_ms, unit: ms }
          - { field: grams, unit: g }
        invariants: [count(box) = 4]
claims:
  - name: labelled
    text: Each part has a label.
    says: { by: http, service: cv, path: /detections, field: 'items[*].label' }
    shows: { by: http, service: cv, path: /detections, field: 'items[*].confidence' }
    agree: { how: there }
${more}`;

const openapi = {
  openapi: '3.1.0',
  paths: {
    '/detections': {
      get: {
        responses: {
          200: {
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['items'],
                  properties: {
                    items: {
                      type: 'array',
                      items: {
                        type: 'object',
                        required: ['part', 'at', 'label', 'confidence'],
                        properties: {
                          part: { type: 'integer' },
                          at: { type: 'string', format: 'date-time' },
                          label: { type: 'string', enum: ['ok', 'scratch', 'dent'] },
                          confidence: { type: 'number' },
                          latency_ms: { type: 'number' },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

/** A service with rows that can be added and changed, its profile, and baselines of it. */
export async function createRowsService(more = '', extra: Record<string, (path: string) => unknown> = {}) {
  const world = {
    rows: [] as Row[],
    document: structuredClone(openapi) as unknown,
    /** Where the list lies. */
    list: 'items',
    isDown: false,
  };
  const answer = (path: string, query: URLSearchParams): unknown => {
    if (path === '/openapi.json') return world.document;
    const own = Object.entries(extra).find(([begin]) => path.startsWith(begin));
    if (own) return own[1](path);
    if (path === '/health') return { status: 'ok' };
    const since = Number(query.get('since') ?? -1);
    return { [world.list]: world.rows.filter((_, part) => part > since).slice(0, 500) };
  };
  const listener: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://x');
    const body = answer(pathname, searchParams);
    response.writeHead(world.isDown || body === undefined ? 503 : 200, {
      'content-type': 'application/json',
    });
    response.end(JSON.stringify(body ?? null));
  };
  const url = await serveHttp(listener);
  const profile = profileOf(serviceYaml(url, more));
  const add = (count: number, make: (part: number) => Row) => {
    const from = world.rows.length;
    for (let part = from; part < from + count; part++) world.rows.push(make(part));
  };
  return { world, url, profile, add, take: (golden = false) => takeBaseline(contextOf(profile), { golden }) };
}

/** What reads a live system outside of a run. */
export function contextOf(profile: Profile, baseline: Baseline | null = null): CheckContext {
  const made = new Map<string, Promise<unknown>>();
  const { signal } = new AbortController();
  return {
    ...bareContext(profile, { baseline: () => baseline }),
    signal,
    once: <T>(key: string, make: (ending: AbortSignal) => Promise<T>) => {
      const known = made.get(key) ?? make(signal);
      made.set(key, known);
      return known as Promise<T>;
    },
  };
}
