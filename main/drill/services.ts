/**
 * The rig's services: what FastAPI CV :8642, LLM :8643, the dashboard and the table of scores would answer about the
 * parts that have passed. All answers follow from the same parts as the sensors' lines.
 */
import type { AnswerSource } from './answer-feed.ts';
import {
  dashboardApi,
  longestPage,
  scoreColumns,
  scorerApi,
  tableApi,
  usualPage,
  visionApi,
} from './api-documents.ts';
import type { Line, Part } from './signal/line.ts';
import {
  startService,
  type Answer,
  type HttpService,
  type Routes,
  type ServiceKind,
} from './http-service.ts';
import {
  goldenAnswers,
  scorerFingerprint,
  scorerModel,
  visionFingerprint,
  visionModel,
} from './known-answers.ts';
import { cvMetrics, llmMetrics } from './metrics.ts';
import { restTable } from './rest-table.ts';

/** What the services need to know. `elapsed` is seconds since the rig started. */
export interface RigWorld {
  line: Line;
  elapsed(): number;
  /** Wall time of the start, milliseconds since 1970. */
  startedAt: number;
}

/** Delays behind the beam, in seconds: camera, scorer, row in the table. */
const delay = { cv: 0.4, llm: 0.9, table: 1.1 };

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
        model: visionModel,
        fps: framesPerSecond,
        started_at: iso(world, world.line.from),
        parts: seen(world, delay.cv).length,
      },
    }),
    '/openapi.json': () => ({
      body: visionApi,
    }),
    '/detections': (query) => page(world, delay.cv, query, (part) => detection(world, part)),
    ...goldenRoutes,
    '/fingerprint': () => ({ body: visionFingerprint }),
    '/metrics': () => cvMetrics(seen(world, delay.cv), framesPerSecond),
  };
  return { routes, answers: answersOf(world, delay.cv, (part) => detection(world, part)) };
}

const goldenRoutes: Routes = Object.fromEntries(
  Object.entries(goldenAnswers).map(([id, answer]) => [`/golden/${id}`, () => ({ body: { id, ...answer } })]),
);

function llmService(world: RigWorld): ServiceKind {
  const routes: Routes = {
    '/health': () => ({
      body: {
        status: 'ok',
        model: scorerModel,
        started_at: iso(world, world.line.from),
        scored: seen(world, delay.llm).length,
      },
    }),
    '/openapi.json': () => ({
      body: scorerApi,
    }),
    '/scores': (query) => page(world, delay.llm, query, (part) => score(world, part)),
    '/fingerprint': () => ({ body: scorerFingerprint }),
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
      body: dashboardApi,
    }),
    '/api/summary': () => ({ body: summary() }),
  };
}

/** The table, by part unless told. */
function tableRoutes(world: RigWorld): Routes {
  return {
    '/health': () => ({ body: { status: 'ok' } }),
    '/openapi.json': () => ({ body: tableApi }),
    '/rest/v1/scores': (query, { headers }) => {
      const rows = seen(world, delay.table).map((part) => score(world, part));
      return restTable(rows, scoreColumns, query, headers);
    },
  };
}

/** Parts after `since` (a part's number), oldest first. */
function page(world: RigWorld, behind: number, query: URLSearchParams, row: (part: Part) => object): Answer {
  const since = query.has('since') ? Number(query.get('since')) : -1;
  if (!Number.isInteger(since)) return { status: 422, body: { detail: 'since is the number of a part' } };
  const limit = Number(query.get('limit') ?? usualPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > longestPage)
    return { status: 422, body: { detail: `limit is a number from 1 to ${longestPage}` } };
  const parts = seen(world, behind);
  const from = Math.max(0, since + 1);
  return { body: { items: parts.slice(from, from + limit).map(row), total: parts.length } };
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
