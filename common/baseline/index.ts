/** What healthy looks like, kept to compare with. */
export { diffBaselines, type BaselineChange } from './diff.ts';
export { readBaseline, writeBaseline } from './read.ts';
export {
  mostBaselineBytes,
  mostClasses,
  mostFields,
  type Baseline,
  type BaselineOpenApi,
  type BaselinePlace,
  type FieldSketch,
  type GoldenAnswer,
} from './schema.ts';
export {
  sketchFields,
  type FieldRole,
  type PlaceFields,
  roleOf,
  rowsOfClass,
  sketchField,
} from './fields.ts';
