import { z } from 'zod';
import { cutText } from '../../lib/cut-text.ts';

const mostNames = 64;
const longestName = 80;

/** How often each of a few names was seen. The order of names is that of their first being seen. */
export const categorySketch = z.strictObject({
  kind: z.literal('categories'),
  names: z.array(z.string().max(longestName)).max(mostNames),
  counts: z.array(z.int().min(1)).max(mostNames),
  /** Seen after there were too many names to keep. */
  other: z.int().min(0),
});

export type CategorySketch = z.infer<typeof categorySketch>;

export interface CategorySketcher {
  add(name: string): void;
  count(): number;
  sketch(): CategorySketch;
}

/** Counts names: the first 64 by name, each cut to 80 characters, the rest together. */
export function createCategorySketcher(): CategorySketcher {
  const counts = new Map<string, number>();
  let [count, other] = [0, 0];
  return {
    add(name) {
      count++;
      const short = cutText(name, longestName);
      const seen = counts.get(short);
      if (seen !== undefined || counts.size < mostNames) counts.set(short, (seen ?? 0) + 1);
      else other++;
    },
    count: () => count,
    sketch: () => ({
      kind: 'categories',
      names: [...counts.keys()],
      counts: [...counts.values()],
      other,
    }),
  };
}

/** Sketches a list of names. */
export function sketchNames(names: readonly string[]): CategorySketch {
  const sketcher = createCategorySketcher();
  for (const name of names) sketcher.add(name);
  return sketcher.sketch();
}
