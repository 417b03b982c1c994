import { servicePath } from '../../../common/profile/parts/service.ts';
import { parseMetrics } from '../../../common/wire/prometheus.ts';
import { jsonOf, look, type Found } from './look.ts';
import { nameAfter, pathOfMember, unitByName } from './names.ts';
import { oneLine, type Draft, type Note } from './notes.ts';
import { summaryOf, type OpenApiPath, type OpenApiSummary } from './openapi.ts';

export interface ServiceOptions {
  url: string;
  /** Where its OpenAPI document lies. */
  openapi: string;
  timeoutMs: number;
  /** Names that other services have. */
  taken: readonly string[];
}

type Members = Record<string, unknown>;

const healthPaths = ['/health', '/healthz', '/api/health', '/status', '/'];
const shownMetrics = 8;

/** Asks a service for its health, its OpenAPI document and its metrics, seven questions at most, and drafts what it is. */
export async function draftService({
  url,
  openapi,
  timeoutMs,
  taken,
}: ServiceOptions): Promise<Draft<Members>> {
  const base = url.replace(/\/+$/, '');
  const ask = (path: string) => look(base + path, { timeoutMs });
  const document = await ask(openapi);
  const summary = summaryOf(jsonOf(document));
  const health = document.status === null ? null : await firstHealth(ask);
  const metrics = document.status === null ? null : await ask('/metrics');
  const { value: about, notes: healthNotes } = draftHealth(health);
  const paths = (summary?.paths ?? []).map((path) =>
    draftPath(path, [openapi, health?.path ?? '', '/metrics']),
  );
  const kept = paths.filter(({ value }) => value !== null) as Draft<Members>[];
  const value: Members = {
    name: nameAfter(summary?.title || new URL(url).host, ['math', 'count', ...taken]),
    ...(summary?.title && { means: oneLine(`${summary.title} ${summary.version}`) }),
    url: base,
    ...about,
    ...(summary && { openapi }),
    ...(kept.length > 0 && { paths: kept.map((path) => path.value) }),
  };
  const notes: Note[] = [
    ...openApiNotes(document, summary, openapi),
    ...metricNotes(metrics),
    ...paths.filter((path) => path.value === null).flatMap((path) => path.notes),
    ...healthNotes,
    ...kept.flatMap((path, index) =>
      path.notes.map((note) => ({ path: ['paths', index, ...note.path], text: note.text })),
    ),
  ];
  return { value, notes };
}

async function firstHealth(
  ask: (path: string) => Promise<Found>,
): Promise<{ path: string; found: Found } | null> {
  for (const path of healthPaths) {
    const found = await ask(path);
    if (found.problem === null) return { path, found };
  }
  return null;
}

function draftHealth(health: { path: string; found: Found } | null): Draft<Members> {
  if (!health)
    return {
      value: {},
      notes: [{ path: ['url'], text: 'TO FILL IN: no health was found: where does it answer 200?' }],
    };
  const { path, found } = health;
  const notes: Note[] = [
    {
      path: ['health'],
      text: `It answered in ${found.millis} ms. TO FILL IN: expectedMs, the latency that is normal.`,
    },
  ];
  const json = jsonOf(found);
  const members = typeof json === 'object' && json !== null ? Object.entries(json as Members) : [];
  const started = members.find(
    ([name, value]) => /^(started|start_time|boot)/i.test(name) && isIsoTime(value),
  );
  const startedField = started && pathOfMember(started[0]);
  const version = members.find(([name, value]) => /version/i.test(name) && typeof value === 'string');
  const versionField = version && pathOfMember(version[0]);
  return {
    value: {
      health: path,
      ...(startedField && { startedAt: { path, field: startedField, epoch: 'iso-8601' } }),
      ...(versionField && { version: { path, field: versionField } }),
    },
    notes,
  };
}

const isIsoTime = (value: unknown) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d/.test(value);

function openApiNotes(document: Found, summary: OpenApiSummary | null, openapi: string): Note[] {
  const note = (text: string): Note[] => [{ path: [], text }];
  if (document.problem !== null) return note(`${openapi} ${document.problem}.`);
  if (!summary)
    return note(`${openapi} answered ${document.type || 'something'} that is no OpenAPI document.`);
  return summary.leftOut > 0 ? note(`${summary.leftOut} more paths are not in this draft.`) : [];
}

function metricNotes(metrics: Found | null): Note[] {
  if (!metrics || metrics.problem !== null) return [];
  const names = [...new Set(parseMetrics(metrics.text).samples.map(({ name }) => name))];
  if (names.length === 0) return [];
  const shown = names.slice(0, shownMetrics).join(', ');
  return [
    {
      path: [],
      text: `/metrics has ${names.length} metrics: ${shown}. Name those that matter in metrics.columns.`,
    },
  ];
}

/** `value` is null for a path that can't be asked as it is: the note says why. */
function draftPath(found: OpenApiPath, known: string[]): Draft<Members | null> {
  const { path, summary, rows } = found;
  if (known.includes(path)) return { value: null, notes: [] };
  if (found.obstacle !== null)
    return { value: null, notes: [{ path: [], text: `${path} is left out: ${found.obstacle}.` }] };
  const fields = found.fields.flatMap((field) => {
    const member = pathOfMember(field.name);
    return member === null ? [] : [{ ...field, member }];
  });
  const key = fields.find(({ name }) => /^(id|uuid|key|part|number)$|_id$/i.test(name))?.member;
  const time = fields.find(({ kind }) => kind === 'instant')?.member;
  const since = found.query.find((name) => /^(since|after|from|cursor)(_|$)/i.test(name));
  const limit = found.query.find((name) => /^(limit|page_size|per_page|count)$/i.test(name));
  const measured = fields.filter(({ kind }) => kind === 'number');
  const units = measured.flatMap(({ name, member }) => {
    const unit = unitByName(name);
    return unit === null ? [] : [{ field: member, unit }];
  });
  const value: Members = {
    path,
    ...(summary && { means: oneLine(summary) }),
    ...(rows && { rows: rows === '$' ? rows : pathOfMember(rows) }),
    ...(key && { key }),
    ...(time && { time: { field: time, epoch: 'iso-8601' } }),
    ...(since && key && { since: { query: since, field: key } }),
    ...(limit && { limit: { query: limit, most: found.maximum[limit] ?? 100 } }),
    ...(units.length > 0 && { fields: units }),
  };
  // What a foreign document says need not be of a form that a profile takes.
  const parsed = servicePath.safeParse(value);
  if (!parsed.success)
    return {
      value: null,
      notes: [{ path: [], text: `${path} is left out: ${parsed.error.issues[0]?.message}.` }],
    };
  const unnamed = measured.filter(({ name, member }) => unitByName(name) === null && member !== key);
  const notes: Note[] = [
    ...(key ? [{ path: ['key'], text: 'By its name: is a row known by it?' }] : []),
    ...(since
      ? [
          {
            path: [key ? 'since' : 'path'],
            text: `By its name: ?${since}= asks for rows after one that is known. TO FILL IN: after which field?`,
          },
        ]
      : []),
    ...(units.length > 0 ? [{ path: ['fields'], text: 'Units by their names.' }] : []),
    ...(unnamed.length > 0
      ? [
          {
            path: ['path'],
            text: `TO FILL IN: the units, where they have one, of ${unnamed.map(({ name }) => name).join(', ')}.`,
          },
        ]
      : []),
    { path: ['path'], text: 'TO FILL IN: invariants, what always holds of a row.' },
  ];
  return { value, notes };
}
