import { z } from 'zod';
import { longestExpression, parseMath } from '../../signal/math-parse.ts';
import { channelId, readBy, unitText } from './text.ts';

const expression = readBy(longestExpression, parseMath).describe(
  'As [cell-a/weight] + [cell-b/weight]; also abs, min, max, avg, median, d and delay.',
);

/** How often a channel stepped, as a channel that grows. */
const count = z.strictObject({
  channel: channelId,
  edge: z.enum(['rising', 'falling', 'both']),
  level: z.number().optional().describe('What has to be crossed; of a step channel 0.5 unless told.'),
  apart: z
    .number()
    .min(0)
    .max(60)
    .default(0)
    .describe('Seconds: steps that follow sooner are the same one (a contact that bounces).'),
});

/** A channel that no device sends: computed from others (`math/<id>`), or a count of steps (`count/<id>`). */
export const profileChannel = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lowercase letters, digits and dashes'),
    name: z.string().min(1).max(100).optional(),
    unit: unitText.optional(),
    expression: expression.optional(),
    stale: z
      .number()
      .min(0.01)
      .max(3600)
      .optional()
      .describe('Of an expression: seconds after which the last value of an input counts no more.'),
    count: count.optional(),
  })
  .refine(
    (channel) => (channel.expression === undefined) !== (channel.count === undefined),
    'a channel has either an expression or a count',
  )
  .describe('A virtual channel: computed from others (math/<id>), or a count of steps (count/<id>).');
export type ProfileChannel = z.infer<typeof profileChannel>;

/** The id by which other parts name it. */
export const idOfChannel = ({ id, count: steps }: ProfileChannel): string =>
  `${steps ? 'count' : 'math'}/${id}`;

/** Channels that it reads. */
export function inputsOfChannel({ expression: text, count: steps }: ProfileChannel): string[] {
  if (steps) return [steps.channel];
  return text === undefined ? [] : parseMath(text).inputs;
}
