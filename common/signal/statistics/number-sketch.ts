import { z } from 'zod';
import { WarroomError } from '../../lib/errors.ts';
import { binCounts, binEdges, edgesUpTo } from './bins.ts';
import { createRandom } from './random.ts';
import { requireFinite } from './samples.ts';

const mostEdges = 64;
const mostKept = 1024;

/** What is kept of a stream of numbers: a few KB of JSON, however many there were. */
export const numberSketch = z
  .strictObject({
    kind: z.literal('numbers'),
    count: z.int().min(0),
    min: z.number().nullable(),
    max: z.number().nullable(),
    /** Of bins, ascending; a value is in the bin whose number is how many edges are at or below it. */
    edges: z.array(z.number()).max(mostEdges),
    /** How many were in each bin: one more than edges. */
    counts: z
      .array(z.int().min(0))
      .min(1)
      .max(mostEdges + 1),
    /** Some of the values, each as likely as any other to be among them. */
    values: z.array(z.number()).max(mostKept),
  })
  .refine(isWhole, 'the numbers of a sketch contradict each other');

export type NumberSketch = z.infer<typeof numberSketch>;

interface Contents {
  count: number;
  edges: number[];
  counts: number[];
  values: number[];
}

function isWhole({ count, edges, counts, values }: Contents): boolean {
  const ascending = edges.every((edge, i) => i === 0 || edge > edges[i - 1]!);
  const total = counts.reduce((sum, each) => sum + each, 0);
  return ascending && counts.length === edges.length + 1 && total === count && values.length <= count;
}

export interface NumberSketcher {
  /** Throws `bad-input` for what is not finite; nothing is kept of it. */
  add(value: number): void;
  /** How many there were. */
  count(): number;
  /** What is known so far. More may be added after. */
  sketch(): NumberSketch;
}

export interface SketchOptions {
  /** Values kept; 256 unless told, 1024 at most. */
  keep?: number;
  /** Values that the bins are cut from, held until there are so many; 512 unless told, 100 000 at most. */
  settle?: number;
  seed?: number;
}

/** Sketches a stream. The bins are cut from its first values and then stay; the reservoir is of all (Vitter's R, 1985). */
export function createNumberSketcher({
  keep = 256,
  settle = 512,
  seed = 1,
}: SketchOptions = {}): NumberSketcher {
  if (!(keep >= 1 && keep <= mostKept && settle >= 1 && settle <= 100_000))
    throw new WarroomError('bad-input', `A sketch can't keep ${keep} values and settle on ${settle}.`);
  const random = createRandom(seed);
  const values: number[] = [];
  const first: number[] = [];
  let [count, min, max] = [0, Infinity, -Infinity];
  let settled: { edges: number[]; counts: number[] } | null = null;

  const cut = () => {
    const edges = first.length > 0 ? binEdges(first) : [];
    return { edges, counts: binCounts(edges, first) };
  };
  const reserve = (value: number) => {
    if (values.length < keep) return values.push(value);
    const at = Math.floor(random() * count);
    if (at < keep) values[at] = value;
  };
  return {
    add(value) {
      requireFinite(value);
      count++;
      min = Math.min(min, value);
      max = Math.max(max, value);
      reserve(value);
      if (settled) {
        settled.counts[edgesUpTo(settled.edges, value)]!++;
        return;
      }
      first.push(value);
      if (first.length < settle) return;
      settled = cut();
      first.length = 0;
    },
    count: () => count,
    sketch() {
      const { edges, counts } = settled ?? cut();
      const range = count > 0 ? { min, max } : { min: null, max: null };
      return {
        kind: 'numbers',
        count,
        ...range,
        edges: [...edges],
        counts: [...counts],
        values: [...values],
      };
    },
  };
}
