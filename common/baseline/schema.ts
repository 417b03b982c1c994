/** What healthy looks like, taken once and kept as JSON: what the checks of schema and model compare with. */
import { z } from 'zod';
import { shape } from '../schema/facts.ts';
import { categorySketch } from '../signal/statistics/category-sketch.ts';
import { numberSketch } from '../signal/statistics/number-sketch.ts';

/** Of a baseline, as UTF-8. */
export const mostBaselineBytes = 1024 * 1024;
/** Fields of a place, and classes of one of them. */
export const mostFields = 24;
export const mostClasses = 4;

const name = z.string().min(1).max(200);
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'sha256: and 64 hexadecimal digits');
const micros = z.int().min(0);

const sketch = z.discriminatedUnion('kind', [numberSketch, categorySketch]);
export type FieldSketch = z.infer<typeof sketch>;

/** One field of a path's rows over all of them. */
const fieldSketch = z.strictObject({ field: name, sketch });

/** Number fields of only those rows whose field `of` was `is`: they stay as they are while the mix of classes changes. */
const classSketches = z.strictObject({
  of: name,
  classes: z
    .array(z.strictObject({ is: z.string().max(80), fields: z.array(fieldSketch).max(mostFields) }))
    .max(mostClasses),
});

/** Where rows are read: a path of a service or a table. */
const baselinePlace = z.strictObject({
  /** As `cv /detections` or `table scores`. */
  place: name,
  /** Rows it was made from. */
  rows: z.int().min(0),
  /** Of the newest row, where the profile says where its time or key lies. */
  newest: z.strictObject({
    time: micros.nullable(),
    key: z.union([z.string().max(200), z.number()]).nullable(),
  }),
  shape,
  fields: z.array(fieldSketch).max(mostFields),
  within: classSketches.nullable(),
});
export type BaselinePlace = z.infer<typeof baselinePlace>;

const openapi = z.strictObject({
  service: name,
  digest,
  /** Null where it is too large to be kept: then only whether it changed can be told. */
  document: z.json().nullable(),
});
export type BaselineOpenApi = z.infer<typeof openapi>;

const goldenAnswer = z.strictObject({
  id: name,
  /** By field; one that had no value is not there. */
  values: z.record(z.string().max(200), z.json()),
  /** Median, milliseconds. */
  latencyMs: z.number().min(0),
});
export type GoldenAnswer = z.infer<typeof goldenAnswer>;

export const baseline = z.strictObject({
  kind: z.literal('baseline'),
  format: z.literal(1),
  /** Microseconds since 1970 on the axis of the host that took it. */
  takenAt: micros,
  profile: z.strictObject({ name, digest }),
  places: z.array(baselinePlace).max(128),
  openapi: z.array(openapi).max(64),
  fingerprints: z.array(z.strictObject({ name, parts: z.record(z.string().max(40), digest) })).max(16),
  golden: z.array(z.strictObject({ name, answers: z.array(goldenAnswer).max(50) })).max(16),
  /** What could not be read, as sentences: of that there is no baseline. */
  missing: z.array(z.string().max(500)).max(200),
});

/** What healthy looks like: plain JSON. */
export type Baseline = z.infer<typeof baseline>;
