/** What the rig's services say of their answers: OpenAPI 3.1. A test holds every answer against it. */

type Schema = Record<string, unknown>;

export const partLabels = ['ok', 'scratch', 'dent', 'missing-label'] as const;
/** Rows of one page, unless told and at most. */
export const usualPage = 100;
export const longestPage = 500;

const integer = { type: 'integer', minimum: 0 };
const text = { type: 'string', minLength: 1 };
const time = { type: 'string', format: 'date-time' };
const label = { type: 'string', enum: [...partLabels] };
const share = { type: 'number', minimum: 0, maximum: 1 };
const millis = { type: 'number', minimum: 0, description: 'Milliseconds.' };
const grams = { type: 'number', minimum: 0, description: 'Grams.' };
const digest = { type: 'string', description: 'SHA-256, in hex.', minLength: 64, maxLength: 64 };
const box = {
  type: 'array',
  description: 'x, y, width and height in pixels.',
  items: { type: 'number' },
  minItems: 4,
  maxItems: 4,
};

/** All of the members are always there. */
const object = (properties: Schema): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
});
const list = (items: Schema): Schema => ({ type: 'array', items });
const ref = (name: keyof typeof schemas): Schema => ({ $ref: `#/components/schemas/${name}` });

const schemas = {
  Health: object({ status: text }),
  VisionHealth: object({
    status: text,
    model: text,
    fps: { type: 'number' },
    started_at: time,
    parts: integer,
  }),
  ScorerHealth: object({ status: text, model: text, started_at: time, scored: integer }),
  Detection: object({ part: integer, at: time, label, confidence: share, box, latency_ms: millis }),
  Golden: object({ id: text, label, confidence: share, box, latency_ms: millis }),
  Score: object({
    ...{ part: integer, at: time, grams, label },
    ...{ score: { type: 'integer', minimum: 0, maximum: 100 }, latency_ms: millis, tokens: integer },
  }),
  VisionFingerprint: object({
    ...{ name: text, weights: digest, labels: digest, preprocessing: digest, runtime: text },
  }),
  ScorerFingerprint: object({ model: text, prompt: digest }),
  Summary: object({ parts: integer, ok: integer }),
  Problem: object({ detail: text }),
};

interface Parameter {
  name: string;
  in: 'query' | 'path';
  required?: boolean;
  description: string;
  schema: Schema;
}

const since: Parameter = {
  name: 'since',
  in: 'query',
  description: 'Only parts after the one of this number.',
  schema: { type: 'integer', default: -1 },
};
const limit: Parameter = {
  name: 'limit',
  in: 'query',
  description: 'So many at once.',
  schema: { type: 'integer', minimum: 1, maximum: longestPage, default: usualPage },
};
const golden: Parameter = {
  ...{ name: 'id', in: 'path', required: true },
  ...{ description: 'Which of the known pictures.', schema: { type: 'string' } },
};
const column = (name: string): Parameter => ({
  ...{ name, in: 'query', description: 'A filter of PostgREST, as gt.5.', schema: { type: 'string' } },
});
const order: Parameter = {
  ...{ name: 'order', in: 'query', description: 'As part.desc.', schema: { type: 'string' } },
};
const number = (name: string): Parameter => ({
  ...{ name, in: 'query', description: 'As PostgREST has it.', schema: integer },
});

function operation(schema: Schema, parameters: Parameter[] = [], refusal?: 404 | 422): Schema {
  const answer = (description: string, of: Schema) => ({
    description,
    content: { 'application/json': { schema: of } },
  });
  const refused = refusal && { [refusal]: answer('It is not so asked for.', ref('Problem')) };
  return { get: { parameters, responses: { 200: answer('OK', schema), ...refused } } };
}

const pageOf = (name: 'Detection' | 'Score') =>
  operation(object({ items: list(ref(name)), total: integer }), [since, limit], 422);
const metrics: Schema = {
  get: { responses: { 200: { description: 'For Prometheus.', content: { 'text/plain': {} } } } },
};

function document(title: string, paths: Schema): Schema {
  return { openapi: '3.1.0', info: { title, version: '1.0.0' }, paths, components: { schemas } };
}

export const visionApi = document('QC vision', {
  '/health': operation(ref('VisionHealth')),
  '/detections': pageOf('Detection'),
  '/golden/{id}': operation(ref('Golden'), [golden], 404),
  '/fingerprint': operation(ref('VisionFingerprint')),
  '/metrics': metrics,
});

export const scorerApi = document('QC scorer', {
  '/health': operation(ref('ScorerHealth')),
  '/scores': pageOf('Score'),
  '/fingerprint': operation(ref('ScorerFingerprint')),
  '/metrics': metrics,
});

export const dashboardApi = document('QC dashboard', {
  '/health': operation(ref('Health')),
  '/api/summary': operation(ref('Summary')),
});

/** Columns of the table, in their order. */
export const scoreColumns = Object.keys(schemas.Score.properties as object);

export const tableApi = document('scores', {
  '/health': operation(ref('Health')),
  '/rest/v1/scores': operation(list(ref('Score')), [
    ...scoreColumns.map(column),
    ...[order, number('limit'), number('offset')],
  ]),
});
