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
import { startService, type Answer, type Asked, type HttpService, type Routes } from './http-service.ts';
import {
  goldenAnswers,
  scorerFingerprint,
  scorerModel,
  visionFingerprint,
  visionModel,
} from './known-answers.ts';
import { cvMetrics, llmMetrics } from './metrics.ts';
import { restTable } from './rest-table.ts';
import type { Line, Part } from './signal/line.ts';
import {
  createSystem,
  detectionOf,
  timeOf,
  type ActiveSystemFault,
  type Row,
  type Score,
  type ServiceName,
  type System,
} from './system/index.ts';

/** What the services need to know. `elapsed` is seconds since the rig started. */
export interface RigWorld {
  line: Line;
  elapsed(): number;
  /** Wall time of the start, milliseconds since 1970. */
  startedAt: number;
  /** Of what stands behind the sensors: added to and ended while it runs. */
  faults?: readonly ActiveSystemFault[];
}

interface Kind {
  routes: Routes;
  answers?: AnswerSource;
}

/** Starts the four services. CV and LLM take 8642 and 8643 unless `ephemeral` or taken. */
export async function startServices(world: RigWorld, ephemeral: boolean): Promise<HttpService[]> {
  const { elapsed, startedAt } = world;
  const system = createSystem(world);
  const started: HttpService[] = [];
  const start = async (name: ServiceName, port: number, kind: Kind) => {
    const service = await startService(name, ephemeral ? 0 : port, {
      ...kind,
      elapsed,
      date: () => new Date(startedAt + (elapsed() + system.clock(name, elapsed())) * 1000),
      answer: (asked, at) => system.answer(name, asked, at),
    });
    started.push(service);
  };
  try {
    await start('cv', 8642, cvService(world, system));
    await start('llm', 8643, llmService(world, system));
    await start('dashboard', 0, { routes: dashboardRoutes(system) });
    await start('table', 0, { routes: tableRoutes(system) });
    return started;
  } catch (error) {
    await Promise.all(started.map((service) => service.close()));
    throw error;
  }
}

const framesPerSecond = 27.9;

function cvService({ elapsed, startedAt, line }: RigWorld, system: System): Kind {
  const give = (now: number) => {
    const toldFrom = startedAt + system.clock('cv', now) * 1000;
    return (part: Part) => system.row('cv', detectionOf(part, toldFrom), now);
  };
  const routes: Routes = {
    '/health': ({ now }) => ({
      body: {
        status: 'ok',
        model: visionModel,
        fps: framesPerSecond,
        started_at: timeOf(startedAt, line.from),
        parts: system.seen(now).length,
      },
    }),
    '/openapi.json': () => ({ body: visionApi }),
    '/detections': (asked) => page(asked, system.seen(asked.now), ({ index }) => index, give(asked.now)),
    ...goldenRoutes(system, line),
    '/fingerprint': ({ now }) => ({ body: system.made('cv', visionFingerprint, now) }),
    '/metrics': ({ now }) => cvMetrics(system.seen(now), framesPerSecond),
  };
  return {
    routes,
    answers: feedOf(
      () => system.seen(elapsed()),
      () => give(elapsed()),
    ),
  };
}

/** Known pictures lie beside the line: they have numbers of their own. */
const firstPicture = 1_000_000;

function goldenRoutes(system: System, line: Line): Routes {
  return Object.fromEntries(
    Object.entries(goldenAnswers).map(([id, { label, confidence, box, latency_ms }], i) => {
      const picture: Part = {
        ...line.part(0),
        ...{ index: firstPicture + i, label, confidence, box: [...box], visionMs: latency_ms },
      };
      const look = ({ now }: Asked): Answer => {
        const { part: _, at: _at, ...row } = detectionOf(system.look(picture, now), 0);
        return { body: system.row('cv', { id, ...row }, now) };
      };
      return [`/golden/${id}`, look];
    }),
  );
}

function llmService({ elapsed, startedAt, line }: RigWorld, system: System): Kind {
  const give = (now: number) => {
    const ahead = system.clock('llm', now) * 1000;
    return (score: Score) => {
      const at = new Date(Date.parse(score.at) + ahead).toISOString();
      return system.row('llm', { ...score, at }, now);
    };
  };
  const routes: Routes = {
    '/health': ({ now }) => ({
      body: {
        status: 'ok',
        model: scorerModel,
        started_at: timeOf(startedAt, line.from),
        scored: system.scores(now).length,
      },
    }),
    '/openapi.json': () => ({ body: scorerApi }),
    '/scores': (asked) => page(asked, system.scores(asked.now), ({ part }) => part, give(asked.now)),
    '/fingerprint': ({ now }) => ({ body: system.made('llm', scorerFingerprint, now) }),
    '/metrics': ({ now }) => llmMetrics(system.seen(now - 0.5)),
  };
  return {
    routes,
    answers: feedOf(
      () => system.scores(elapsed()),
      () => give(elapsed()),
    ),
  };
}

const feedOf = <T>(all: () => readonly T[], give: () => (one: T) => Row): AnswerSource => ({
  count: () => all().length,
  answer: (index) => give()(all()[index]!),
});

function dashboardRoutes(system: System): Routes {
  const summary = (now: number) => {
    const rows = system.rows(now);
    return { parts: rows.length, ok: rows.filter(({ label }) => label === 'ok').length };
  };
  return {
    '/': ({ now }) => ({
      body: `<!doctype html><title>QC line</title><h1>QC line</h1><p>${summary(now).parts} parts scored.</p>\n`,
    }),
    '/health': () => ({ body: { status: 'ok' } }),
    '/openapi.json': () => ({ body: dashboardApi }),
    '/api/summary': ({ now }) => ({ body: summary(now) }),
  };
}

/** The table, by part unless told. */
function tableRoutes(system: System): Routes {
  return {
    '/health': () => ({ body: { status: 'ok' } }),
    '/openapi.json': () => ({ body: tableApi }),
    '/rest/v1/scores': ({ query, request, now }) => {
      const rows = system.rows(now).map((row) => system.row('table', row, now));
      return restTable(rows, scoreColumns, query, request.headers);
    },
  };
}

/** Those of parts after `since` (a part's number), oldest first. */
function page<T>(
  { query }: Asked,
  all: readonly T[],
  partOf: (one: T) => number,
  give: (one: T) => Row,
): Answer {
  const since = query.has('since') ? Number(query.get('since')) : -1;
  if (!Number.isInteger(since)) return { status: 422, body: { detail: 'since is the number of a part' } };
  const limit = Number(query.get('limit') ?? usualPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > longestPage)
    return { status: 422, body: { detail: `limit is a number from 1 to ${longestPage}` } };
  const rest = all.filter((one) => partOf(one) > since);
  return { body: { items: rest.slice(0, limit).map(give), total: all.length } };
}
