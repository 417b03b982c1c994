/** What payloads look like, and what changed in it; what schemas allow, and what changed in them. */
export type { Change, ChangeKind, Side, Unknown } from './change.ts';
export { changeKinds } from './change.ts';
export type { DiffOptions, ShapeDiff } from './diff.ts';
export { diffShapes, usualShapeFloor } from './diff.ts';
export type { PathShape, Shape } from './facts.ts';
export { shape, shapeLimits } from './facts.ts';
export type { Shaper } from './infer.ts';
export { createShaper, mergeShapes } from './infer.ts';
export type { SchemaCheck, SchemaProblem } from './check-schema.ts';
export { checkAgainst } from './check-schema.ts';
export type { ApiChange, ApiChangeKind, OpenApiDiffOptions } from './diff-openapi.ts';
export { diffFields, diffOpenApi } from './diff-openapi.ts';
export type { Operation } from './openapi.ts';
export { answerSchema, operationsOf } from './openapi.ts';
export { fieldsOf } from './schema-fields.ts';
