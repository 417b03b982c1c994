import { z } from 'zod';
import { jsonPath, partName, sentence, urlPath } from './text.ts';

const id = z.string().regex(/^[\w.~:-]{1,100}$/, 'what can stand in an address');

/** How far a field may be from what it was when all was well. */
const goldenField = z.discriminatedUnion('compare', [
  z.strictObject({ field: jsonPath, compare: z.literal('exact') }),
  z.strictObject({ field: jsonPath, compare: z.literal('near'), tolerance: z.number().min(0) }),
  z.strictObject({
    field: jsonPath,
    compare: z.literal('box'),
    form: z
      .enum(['corners', 'size'])
      .default('corners')
      .describe('[x0, y0, x1, y1] or [x, y, width, height].'),
    overlap: z.number().min(0).max(1).describe('Intersection over union, at least.'),
  }),
]);

/** Questions whose answers are known: what a model answers to the same input is to stay the same. */
export const profileGolden = z
  .strictObject({
    name: partName,
    means: sentence.optional(),
    service: partName,
    path: urlPath.refine((path) => path.includes('{id}'), 'has {id} where the id goes'),
    body: z
      .string()
      .max(10_000)
      .optional()
      .describe(
        'JSON that is sent (POST) instead of asking with GET; {id} is put in. It must change nothing.',
      ),
    ids: z.array(id).min(1).max(50),
    fields: z.array(goldenField).min(1).max(32),
    latencyRatio: z.number().min(1).max(100).optional().describe('How many times slower it may be.'),
    repeats: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(3)
      .describe('How often each is asked: tells what changed from what is never the same.'),
    timeoutMs: z.number().int().min(50).max(120_000).default(10_000),
    expected: z
      .record(id, z.record(z.string(), z.json()))
      .default({})
      .describe('By id and field, where it is known; else what the baseline kept.'),
  })
  .superRefine(({ ids, fields, expected }, context) => {
    for (const [name, values] of Object.entries(expected)) {
      const mistake = (path: string[], message: string) =>
        context.addIssue({ code: 'custom', path: ['expected', ...path], message });
      if (!ids.includes(name)) mistake([name], 'is none of the ids');
      for (const field of Object.keys(values))
        if (!fields.some((each) => each.field === field)) mistake([name, field], 'is none of the fields');
    }
  });
export type ProfileGolden = z.infer<typeof profileGolden>;
