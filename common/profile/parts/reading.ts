/** Places in a system that say something: what a claim says, and what shows it. */
import { z } from 'zod';
import {
  channelId,
  epoch,
  fileGlob,
  filePath,
  jsonPath,
  partName,
  pattern,
  sentence,
  urlPath,
} from './text.ts';

const take = z
  .enum(['first', 'last', 'count'])
  .default('last')
  .describe('Of several: the first, the last, or how many there are.');
/** Of what a reading finds, the part that is meant: the group `value` of its pattern unless told. */
const value = z
  .string()
  .regex(/^[A-Za-z_]\w{0,39}$/, 'the name of a group')
  .optional();
const found = { pattern: pattern.optional(), value, take };
const query = z.record(z.string().regex(/^[\w.-]{1,40}$/), z.string().max(200)).default({});

export const httpReading = z.strictObject({
  by: z.literal('http'),
  service: partName,
  path: urlPath,
  query,
  field: jsonPath.optional().describe('Without it the pattern is looked for in the text.'),
  ...found,
});

export const fileReading = z.strictObject({
  by: z.literal('file'),
  path: filePath,
  field: jsonPath.optional().describe('Of a file that is JSON.'),
  ...found,
});

/**
 * Runs a program of this machine without a shell. Whoever reads a foreign profile reads a foreign command: nothing runs it
 * before a person has agreed to that very command.
 */
export const commandReading = z.strictObject({
  by: z.literal('command'),
  run: z
    .array(z.string().min(1).max(400))
    .min(1)
    .max(32)
    .describe('The program and its arguments, one each.'),
  timeoutMs: z.number().int().min(100).max(60_000).default(5000),
  field: jsonPath.optional(),
  ...found,
});

const tableReading = z
  .strictObject({
    by: z.literal('table'),
    table: partName,
    where: z
      .record(z.string().regex(/^[A-Za-z_]\w{0,62}$/), z.string().regex(/^(not\.)?[a-z]+\..*$/, 'as eq.5'))
      .default({})
      .describe('Filters as PostgREST has them: { label: eq.ok }.'),
    column: z.string().max(63).optional(),
    take: z.enum(['count', 'newest', 'oldest']).default('count'),
  })
  .refine(({ take: of, column }) => of === 'count' || column !== undefined, {
    path: ['column'],
    message: 'which column of the row is missing',
  });

const logReading = z.strictObject({
  by: z.literal('log'),
  files: fileGlob,
  pattern,
  value,
  take,
});

const agentReading = z.strictObject({
  by: z.literal('agent'),
  agent: partName,
  pattern: pattern.describe('What it wrote to the person.'),
  value,
  take,
});

const channelReading = z.strictObject({
  by: z.literal('channel'),
  channel: channelId,
  take: z.enum(['value', 'change', 'least', 'most', 'mean', 'samples']).default('value'),
  window: z.number().min(0.1).max(86_400).default(60).describe('Seconds up to now.'),
});

const processReading = z.strictObject({
  by: z.literal('process'),
  pattern: pattern.describe('What its command line matches.'),
  take: z.enum(['started', 'count']).default('started'),
});

/** One place that says something. */
export const reading = z
  .discriminatedUnion('by', [
    httpReading,
    tableReading,
    fileReading,
    commandReading,
    logReading,
    agentReading,
    channelReading,
    processReading,
  ])
  .meta({ id: 'reading' });
export type ProfileReading = z.infer<typeof reading>;

/** Several places, of which enough have to agree. */
const severalReadings = z
  .strictObject({
    by: z.literal('several'),
    least: z.number().int().min(1).max(16).describe('How many of them have to agree.'),
    of: z.array(reading).min(2).max(16),
  })
  .refine(({ least, of }) => least <= of.length, {
    path: ['least'],
    message: 'at most as many as there are',
  });

/** One place, or several. */
export const shown = z.discriminatedUnion('by', [reading, severalReadings]);
export type ProfileShown = z.infer<typeof shown>;

/** How what is said and what is shown have to go together. */
export const agreement = z.discriminatedUnion('how', [
  z.strictObject({
    how: z.literal('equal'),
    tolerance: z.number().min(0).default(0).describe('Of numbers: how far they may be apart.'),
    ratio: z.number().min(0).max(1).default(0).describe('The same, as a share of what is shown.'),
  }),
  z.strictObject({ how: z.enum(['at-least', 'at-most']).describe('What is said, of what is shown.') }),
  z.strictObject({
    how: z.literal('after'),
    within: z
      .number()
      .min(0)
      .max(86_400 * 7)
      .optional()
      .describe('Seconds after what is said, at most.'),
    slack: z.number().min(0).max(3600).default(1).describe('Seconds that clocks may be apart.'),
    epoch: epoch.default('iso-8601'),
  }),
  z
    .strictObject({ how: z.literal('there'), means: sentence.optional() })
    .describe('It is enough that it is shown.'),
]);
export type ProfileAgreement = z.infer<typeof agreement>;
