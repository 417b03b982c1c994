/** Models that answer otherwise than they did. */
import { createHash } from 'node:crypto';
import type { Part } from '../signal/line.ts';
import type { Score, SystemFault } from './types.ts';

const other = (name: string) => createHash('sha256').update(name).digest('hex');
const limited = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));
const surer = (part: Part, by: number): Part => ({
  ...part,
  confidence: limited(part.confidence + by, 0.02, 0.99),
});
const scored = (score: Score, by: number): Score => ({
  ...score,
  score: limited(Math.round(score.score + by), 0, 100),
});

export const modelFaults: readonly SystemFault[] = [
  {
    name: 'weights-swapped',
    title: 'Other weights under the same name',
    rung: 5,
    targets: ['cv'],
    see: (part, { chance }) => surer({ ...part, visionMs: part.visionMs * 1.05 }, -0.03 - 0.04 * chance()),
    made: (parts) => ({ ...parts, weights: other('rtdetr-s.onnx, trained once more') }),
  },
  {
    name: 'weights-hidden',
    title: 'Other weights, and the fingerprint is the old one',
    rung: 5,
    targets: ['cv'],
    see: (part, { chance }) => surer(part, -0.04 - 0.05 * chance()),
  },
  {
    name: 'confidence-drift',
    title: 'Vision is less sure from minute to minute',
    rung: 5,
    targets: ['cv'],
    see: (part, { since }) => surer(part, -Math.min(0.18, since / 4_000)),
  },
  {
    name: 'class-mix',
    title: 'Vision takes good parts for scratched ones',
    rung: 5,
    targets: ['cv'],
    see: (part, { chance }) => (part.label === 'ok' && chance() < 0.2 ? { ...part, label: 'scratch' } : part),
  },
  {
    name: 'labels-swapped',
    title: 'Two labels have changed places',
    rung: 5,
    targets: ['cv'],
    see: (part) => {
      if (part.label === 'ok') return { ...part, label: 'scratch' };
      return part.label === 'scratch' ? { ...part, label: 'ok' } : part;
    },
    made: (parts) => ({ ...parts, labels: other('scratch\nok\ndent\nmissing-label\n') }),
  },
  {
    name: 'preprocessing',
    title: 'Pictures are prepared otherwise (BGR for RGB)',
    rung: 5,
    targets: ['cv'],
    see: (part, { chance }) => ({
      ...surer(part, -0.06 - 0.1 * chance()),
      box: [part.box[0] + 9, part.box[1] + 6, part.box[2], part.box[3]],
    }),
    made: (parts) => ({ ...parts, preprocessing: other('resize 640 × 640, BGR, 0 to 1') }),
  },
  {
    name: 'runtime-fallback',
    title: 'Vision runs on the processor instead of TensorRT',
    rung: 5,
    targets: ['cv'],
    see: (part) => ({ ...part, visionMs: part.visionMs * 4.2 }),
    made: (parts) => ({ ...parts, runtime: 'ONNX Runtime 1.23, CPU' }),
  },
  {
    name: 'prompt-changed',
    title: 'The scorer’s prompt is another one',
    rung: 5,
    targets: ['llm'],
    score: (score, { chance }) => ({ ...scored(score, -5 - 6 * chance()), tokens: score.tokens + 20 }),
    made: (parts) => ({ ...parts, prompt: other('Score strictly, from 0 to 100.') }),
  },
  {
    name: 'threshold-moved',
    title: 'The scorer’s threshold moved: good parts fail',
    rung: 5,
    targets: ['llm'],
    score: (score) => (score.label === 'ok' && score.score < 98 ? scored(score, -30) : score),
  },
  {
    name: 'scores-waver',
    title: 'The scorer’s temperature is up: it does not answer the same twice',
    rung: 5,
    targets: ['llm'],
    score: (score, { chance }) => scored(score, Math.round(24 * (chance() - 0.7))),
  },
];
