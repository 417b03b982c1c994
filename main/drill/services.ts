/**
 * The rig's services: what FastAPI CV :8642, LLM :8643, the dashboard and the table of scores would answer about the
 * parts that have passed. All answers follow from the same parts as the sensors' lines.
 */
import type { AnswerSource } from './answer-feed.ts';
import type { Line, Part } from './signal/line.ts';
import {
  startService,
  type Answer,
  type HttpService,
  type Routes,
  type ServiceKind,
} from './http-service.ts';
import { cvMetrics, llmMetrics } from './metrics.ts';

/** What the services need to know. `elapsed` is seconds since the rig started. */
export interface RigWorld {
  line: Line;
  elapsed(): number;
  /** Wall time of the start, milliseconds since 1970. */
  startedAt: number;
}

/** Delays behind the beam, in seconds: camera, scorer, row in the table. */
const delay = { cv: 0.4, llm: 0.9, table: 1.1 };
const pageLimit = 500;

/** Starts the four services. CV and LLM take 8642 and 8643 unless `ephemeral` or taken. */
export async function startServices(world: RigWorld, ephemeral: boolean): Promise<HttpService[]> {
  const fixed = (port: number) => (ephemeral ? 0 : port);
  const started: HttpService[] = [];
  try {
    started.push(await startService('cv', fixed(8642), cvService(world)));
    started.push(await startService('llm', fixed(8643), llmService(world)));
    started.push(await startService('dashboard', 0, { routes: dashboardRoutes(world) }));
    started.push(await startService('table', 0, { routes: tableRoutes(world) }));
    return started;
  } catch (error) {
    await Promise.all(started.map((service) => service.close()));
    throw error;
  }
}

const framesPerSecond = 27.9;

function cvService(world: RigWorld): ServiceKind {
  const routes: Routes = {
    '/health': () => ({
      body: {
        status: 'ok',
        model: 'rtdetr-s',
        fps: framesPerSecond,
        started_at: iso(world, world.line.from),
        parts: seen(world, delay.cv).length,
      },
    }),
    '/openapi.json': () => ({
      body: openApi('QC vision', { '/detections': 'Detection', '/health': 'Health' }, schemas),
    }),
    '/detections': (query) => page(world, delay.cv, query, (part) => detection(world, part)),
    '/metrics': () => cvMetrics(seen(world, delay.cv), framesPerSecond),
  };
  return { routes, answers: answersOf(world, delay.cv, (part) => detection(world, part)) };
}

function llmService(world: RigWorld): ServiceKind {
  const routes: Routes = {
    '/health': () => ({
      body: {
        status: 'ok',
        model: 'qc-scorer',
        started_at: iso(world, world.line.from),
        scored: seen(world, delay.llm).length,
      },
    }),
    '/openapi.json': () => ({
      body: openApi('QC scorer', { '/scores': 'Score', '/health': 'Health' }, schemas),
    }),
    '/scores': (query) => page(world, delay.llm, query, (part) => score(world, part)),
    '/metrics': () => llmMetrics(seen(world, delay.llm)),
  };
  return { routes, answers: answersOf(world, delay.llm, (part) => score(world, part)) };
}

function answersOf(world: RigWorld, behind: number, row: (part: Part) => object): AnswerSource {
  return {
    count: () => world.line.countBefore(world.elapsed() - behind),
    answer: (index) => row(world.line.part(index)),
  };
}

function dashboardRoutes(world: RigWorld): Routes {
  const summary = () => {
    const parts = seen(world, delay.table);
    return { parts: parts.length, ok: parts.filter((part) => part.label === 'ok').length };
  };
  return {
    '/': () => ({
      body: `<!doctype html><title>QC line</title><h1>QC line</h1><p>${summary().parts} parts scored.</p>\n`,
    }),
    '/health': () => ({ body: { status: 'ok' } }),
    '/openapi.json': () => ({
      body: openApi('QC dashboard', { '/api/summary': 'Summary', '/health': 'Health' }, schemas),
    }),
    '/api/summary': () => ({ body: summary() }),
  };
}

/** The table as PostgREST answers it: `part=gt.N`, `limit`, ordered by part, with a Content-Range. */
function tableRoutes(world: RigWorld): Routes {
  return {
    '/health': () => ({ body: { status: 'ok' } }),
    '/openapi.json': () => ({ body: openApi('scores', { '/rest/v1/scores': 'Score' }, schemas) }),
    '/rest/v1/scores': (query) => {
      const after = Number(/^gt\.(-?\d+)$/.exec(query.get('part') ?? '')?.[1] ?? -1);
      const all = seen(world, delay.table);
      const rows = all.slice(after + 1, after + 1 + limitOf(query)).map((part) => score(world, part));
      const range = rows.length > 0 ? `${after + 1}-${after + rows.length}` : '*';
      return { headers: { 'Content-Range': `${range}/${all.length}` }, body: rows };
    },
  };
}

/** Parts after `since` (a part's number), oldest first. */
function page(world: RigWorld, behind: number, query: URLSearchParams, row: (part: Part) => object): Answer {
  const since = query.has('since') ? Number(query.get('since')) : -1;
  if (!Number.isInteger(since)) return { status: 422, body: { detail: 'since is the number of a part' } };
  const parts = seen(world, behind);
  return {
    body: { items: parts.slice(since + 1, since + 1 + limitOf(query)).map(row), total: parts.length },
  };
}

function limitOf(query: URLSearchParams): number {
  const limit = Number(query.get('limit') ?? 100);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, pageLimit) : 100;
}

const seen = (world: RigWorld, behind: number) => world.line.partsUntil(world.elapsed() - behind);
const iso = (world: RigWorld, seconds: number) => new Date(world.startedAt + seconds * 1000).toISOString();

function detection(world: RigWorld, part: Part) {
  const { index, label, confidence, box } = part;
  return {
    part: index,
    at: iso(world, part.at + delay.cv),
    label,
    confidence: round(confidence),
    box,
    latency_ms: round(part.visionMs),
  };
}

function score(world: RigWorld, part: Part) {
  return {
    part: part.index,
    at: iso(world, part.at + delay.llm),
    grams: round(part.grams),
    label: part.label,
    score: part.score,
    latency_ms: round(part.scorerMs),
    tokens: part.tokens,
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;

const schemas = {
  Health: {
    type: 'object',
    required: ['status'],
    properties: { status: { type: 'string' }, model: { type: 'string' } },
  },
  Summary: {
    type: 'object',
    required: ['parts', 'ok'],
    properties: { parts: { type: 'integer' }, ok: { type: 'integer' } },
  },
  Detection: {
    type: 'object',
    required: ['part', 'at', 'label', 'confidence', 'box'],
    properties: {
      part: { type: 'integer' },
      at: { type: 'string', format: 'date-time' },
      label: { type: 'string', enum: ['ok', 'scratch', 'dent', 'missing-label'] },
      confidence: { type: 'number', minimum: 0, maximum: 1 },
      box: { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 },
      latency_ms: { type: 'number' },
    },
  },
  Score: {
    type: 'object',
    required: ['part', 'at', 'score'],
    properties: {
      part: { type: 'integer' },
      at: { type: 'string', format: 'date-time' },
      grams: { type: 'number' },
      label: { type: 'string' },
      score: { type: 'integer', minimum: 0, maximum: 100 },
      latency_ms: { type: 'number' },
      tokens: { type: 'integer' },
    },
  },
};

function openApi(title: string, paths: Record<string, keyof typeof schemas>, components: typeof schemas) {
  const operation = (schema: string) => ({
    get: {
      responses: {
        200: {
          description: 'OK',
          content: { 'application/json': { schema: { $ref: `#/components/schemas/${schema}` } } },
        },
      },
    },
  });
  const listed = Object.fromEntries(Object.entries(paths).map(([path, schema]) => [path, operation(schema)]));
  return {
    openapi: '3.1.0',
    info: { title, version: '1.0.0' },
    paths: listed,
    components: { schemas: components },
  };
}
