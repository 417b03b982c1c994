/** What is claimed and not so: parts that get lost, doubled or mixed up on their way, and what is shown of them. */
import type { SystemFault } from './types.ts';

export const claimFaults: readonly SystemFault[] = [
  {
    name: 'parts-unseen',
    title: 'The camera misses parts',
    rung: 1,
    targets: ['cv'],
    see: (part, { chance }) => (chance() < 0.12 ? null : part),
  },
  {
    name: 'parts-skipped',
    title: 'The scorer skips parts',
    rung: 1,
    targets: ['llm'],
    score: (score, { chance }) => (chance() < 0.12 ? null : score),
  },
  {
    name: 'parts-mixed-up',
    title: 'Scores are those of the part before',
    rung: 1,
    targets: ['llm'],
    score: (score, _, before) => before && { ...before, part: score.part, at: score.at },
  },
  {
    name: 'rows-lost',
    title: 'Rows are acknowledged and not written',
    rung: 1,
    targets: ['table'],
    store: (score, { chance }) => (chance() < 0.12 ? [] : [score]),
  },
  {
    name: 'rows-doubled',
    title: 'Rows are written twice',
    rung: 1,
    targets: ['table'],
    store: (score, { chance }) => (chance() < 0.12 ? [score, score] : [score]),
  },
  {
    name: 'rows-whitewashed',
    title: 'Bad parts stand as good ones in the table',
    rung: 1,
    targets: ['table'],
    store: (score) => [{ ...score, label: 'ok' }],
  },
  {
    name: 'dashboard-stale',
    title: 'The dashboard shows what was before',
    rung: 1,
    targets: ['dashboard'],
    answer: (answer, { path }, before) => (path === '/health' ? answer : before()),
  },
];
