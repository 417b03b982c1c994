import { z } from 'zod';
import { plainUrl, secretName } from './secret.ts';
import { epoch, invariant, partName, rowField, sentence } from './text.ts';

const identifier = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/, 'a name of SQL without quotes');

/** A table that is read through Supabase (PostgREST). Rows are read, never written. */
export const profileTable = z.strictObject({
  name: partName,
  url: plainUrl
    .refine((url) => !/\/rest\/v1\b/.test(url), 'the address of the project, without /rest/v1')
    .describe('Of the project, without /rest/v1.'),
  key: secretName.optional(),
  schema: identifier.default('public'),
  table: identifier,
  means: sentence.describe('What one row stands for.'),
  keyColumn: identifier.describe('What a row is known by: the number of the part.'),
  timeColumn: identifier.optional(),
  epoch: epoch.default('iso-8601').describe('Of the time column.'),
  order: z
    .enum(['ascending', 'descending'])
    .default('ascending')
    .describe('How the key grows with time: what is newest is first or last.'),
  fields: z.array(rowField).max(64).default([]),
  invariants: z.array(invariant).max(32).default([]),
  expectedMs: z.number().positive().optional(),
  timeoutMs: z.number().int().min(50).max(60_000).default(5000),
});
export type ProfileTable = z.infer<typeof profileTable>;
