/** What healthy looks like, kept to compare with. */
export { readBaseline, writeBaseline } from './read.ts';
export {
  mostBaselineBytes,
  type Baseline,
  type BaselinePath,
  type BaselineService,
  type FieldSketch,
  type GoldenAnswer,
} from './schema.ts';
