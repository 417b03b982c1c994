import { z } from 'zod';
import { channelId, partName, sentence, singlePath, urlPath } from './text.ts';

const seconds = z.number().min(0).max(86_400);

const source = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('channel'),
    channel: channelId.describe('One that grows by one with each part.'),
  }),
  z.strictObject({ by: z.literal('service'), service: partName, path: urlPath }),
  z.strictObject({ by: z.literal('table'), table: partName }),
]);

/** What several layers say of the same part: layers that name the same thing are to agree on it. */
const told = z.strictObject({
  what: partName,
  field: singlePath,
  tolerance: z.number().min(0).default(0).describe('How far two numbers may be apart.'),
});

/** One station of the chain that each part passes. Layers stand in the order of the chain. */
export const profileLayer = z
  .strictObject({
    name: partName,
    means: sentence.optional(),
    source,
    key: singlePath.optional().describe('What a row is known by; unless told, as its path or table says.'),
    count: singlePath
      .optional()
      .describe('Of a service that gives only a number: where it says how many parts there were.'),
    delay: z
      .strictObject({ least: seconds, most: seconds })
      .refine(({ least, most }) => least <= most, 'least is at most most')
      .optional()
      .describe('Seconds after the first layer.'),
    allowed: z
      .strictObject({
        parts: z.number().int().min(0).max(1_000_000),
        window: z.number().min(1).max(86_400).describe('Seconds.'),
      })
      .default({ parts: 0, window: 60 })
      .describe('How many parts it may be off from the layer before, per window.'),
    tells: z.array(told).max(16).default([]),
  })
  .refine(({ key, count }) => key === undefined || count === undefined, 'either a key or a count');
export type ProfileLayer = z.infer<typeof profileLayer>;
