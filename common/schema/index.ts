/** What payloads look like, and what changed in it; what schemas allow, and what changed in them. */
export type { Change, ChangeKind, Side, Unknown } from './change.ts';
export { changeKinds } from './change.ts';
export type { DiffOptions, ShapeDiff } from './diff.ts';
export { diffShapes, usualShapeFloor } from './diff.ts';
export type { PathShape, Shape } from './facts.ts';
export { shape, shapeLimits } from './facts.ts';
export type { Shaper } from './infer.ts';
export { createShaper, mergeShapes } from './infer.ts';
