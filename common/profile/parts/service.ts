import { z } from 'zod';
import { serviceSpec, type ServiceSpec } from '../../contract/services.ts';
import { onlyMembersOf } from '../only-members.ts';
import { secretName } from './secret.ts';
import { epoch, invariant, jsonPath, rowField, sentence, singlePath, urlPath } from './text.ts';

const queryName = z.string().regex(/^[\w.-]{1,40}$/, 'the name of a query parameter');

/** A path of a service that may be read, and what its rows mean. Only GET, and only what stands here, is ever asked for. */
export const servicePath = z.strictObject({
  path: urlPath.refine((path) => !path.includes('?'), 'what stands after ? belongs to query'),
  means: sentence.optional().describe('What one row stands for.'),
  query: z.record(queryName, z.string().max(200)).default({}),
  rows: singlePath
    .optional()
    .describe('Where the list of rows lies; without it the whole answer is one row.'),
  key: singlePath.optional().describe('What a row is known by, within it: the number of the part.'),
  time: z.strictObject({ field: singlePath, epoch }).optional().describe('When a row came to be.'),
  total: singlePath.optional().describe('Where the answer says how many rows there are in all.'),
  since: z
    .strictObject({
      query: queryName,
      field: singlePath.describe('Of the newest row that is known: its value goes into the query.'),
    })
    .optional()
    .describe('How to ask only for rows after one that is known. A path that has it keeps its history.'),
  limit: z
    .strictObject({ query: queryName, most: z.number().int().min(1).max(10_000) })
    .optional()
    .describe('How to ask for so many rows at once, and how many it gives at most.'),
  fields: z.array(rowField).max(64).default([]),
  invariants: z.array(invariant).max(32).default([]).describe('What always holds of each row.'),
  expectedMs: z.number().positive().optional().describe('Latency that is normal, p95 in milliseconds.'),
});
export type ProfilePath = z.infer<typeof servicePath>;

/** A service: how it is watched (common/contract/services.ts), and what may be read of it. */
export const profileService = serviceSpec.extend({
  means: sentence.optional(),
  auth: z
    .strictObject({
      header: z
        .string()
        .regex(/^[A-Za-z][A-Za-z0-9-]{0,60}$/, 'the name of a header')
        .default('Authorization'),
      scheme: z
        .string()
        .max(20)
        .regex(/^[A-Za-z]*$/, 'a word, as Bearer')
        .default('Bearer')
        .describe("What stands before the key; '' for nothing."),
      key: secretName,
    })
    .optional(),
  startedAt: z
    .strictObject({ path: urlPath, field: singlePath, epoch })
    .optional()
    .describe('Where it says when it was started: a restart that it tells is none that nobody knows of.'),
  version: z.strictObject({ path: urlPath, field: jsonPath }).optional(),
  paths: z.array(servicePath).max(64).default([]),
});
export type ProfileService = z.infer<typeof profileService>;

/** What watches it. */
export const serviceSpecOf = (service: ProfileService): ServiceSpec => onlyMembersOf(serviceSpec, service);

/** Every path of it that may be read. */
export function readablePaths({
  health,
  openapi,
  answers,
  metrics,
  startedAt,
  version,
  paths,
}: ProfileService): string[] {
  const named = [health, openapi, answers?.path, metrics?.path, startedAt?.path, version?.path];
  return [...named.filter((path) => path !== undefined), ...paths.map(({ path }) => path)];
}
