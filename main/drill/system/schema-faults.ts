/** Interfaces that changed without notice. */
import type { Row, Score, SystemFault } from './types.ts';

const round = (value: number) => Math.round(value * 1e6) / 1e6;
const renamed = (row: Row, from: string, to: string): Row =>
  Object.fromEntries(Object.entries(row).map(([name, value]) => [name === from ? to : name, value]));

export const schemaFaults: readonly SystemFault[] = [
  {
    name: 'field-renamed',
    title: 'A field has another name',
    rung: 4,
    targets: ['cv', 'llm'],
    row: (row) =>
      'confidence' in row ? renamed(row, 'confidence', 'score') : renamed(row, 'score', 'quality'),
  },
  {
    name: 'key-renamed',
    title: 'The part’s number has another name',
    rung: 4,
    targets: ['llm', 'cv'],
    row: (row) => renamed(row, 'part', 'part_id'),
  },
  {
    name: 'kilograms',
    title: 'Grams became kilograms',
    rung: 4,
    targets: ['llm'],
    score: (score) => ({ ...score, grams: round(score.grams! / 1000) }),
  },
  {
    name: 'table-kilograms',
    title: 'A migration turned the table’s grams into kilograms',
    rung: 4,
    targets: ['table'],
    row: (row) => ({ ...row, grams: round((row as Score).grams! / 1000) }),
  },
  {
    name: 'percent',
    title: 'A share from 0 to 1 became percent',
    rung: 4,
    targets: ['cv'],
    row: (row) => ('confidence' in row ? { ...row, confidence: round(Number(row.confidence) * 100) } : row),
  },
  {
    name: 'label-new',
    title: 'Vision has one more label',
    rung: 4,
    targets: ['cv'],
    see: (part, { chance }) => (chance() < 0.05 ? { ...part, label: 'chipped' as never } : part),
  },
  {
    name: 'nulls',
    title: 'A weight is null now and then',
    rung: 4,
    targets: ['llm'],
    score: (score, { chance }) => (chance() < 0.15 ? { ...score, grams: null } : score),
  },
  {
    name: 'numbers-as-text',
    title: 'Numbers come as text',
    rung: 4,
    targets: ['llm', 'table'],
    row: (row) => ('score' in row ? { ...row, score: String(row.score), grams: String(row.grams) } : row),
  },
  {
    name: 'naive-times',
    title: 'Times have lost their zone',
    rung: 4,
    targets: ['cv', 'llm'],
    row: (row) => ('at' in row ? { ...row, at: String(row.at).replace(/Z$/, '') } : row),
  },
  {
    name: 'box-corners',
    title: 'A box is two corners instead of corner and size',
    rung: 4,
    targets: ['cv'],
    row: (row) => {
      if (!Array.isArray(row.box)) return row;
      const [x, y, width, height] = row.box as [number, number, number, number];
      return { ...row, box: [x, y, x + width, y + height] };
    },
  },
  {
    name: 'list-renamed',
    title: 'The list of rows has another name',
    rung: 4,
    targets: ['llm', 'cv'],
    answer: (answer) =>
      typeof answer.body === 'object' && answer.body !== null && 'items' in answer.body
        ? { ...answer, body: renamed(answer.body, 'items', 'results') }
        : answer,
  },
];
