import { z } from 'zod';
import { fileGlob, partName, pattern, sentence } from './text.ts';

/** An agent: where its transcripts lie and what it was told. */
export const profileAgent = z.strictObject({
  name: partName,
  means: sentence.optional(),
  model: z.string().max(100).optional(),
  service: partName.optional().describe('The service that it runs as.'),
  transcripts: z.strictObject({
    format: z
      .enum(['claude-code', 'openai-chat', 'otel-genai', 'auto'])
      .default('auto')
      .describe('auto: told by the first lines.'),
    files: fileGlob,
    sessions: z.enum(['one', 'many']).default('one').describe('In a file.'),
  }),
  windowTokens: z.number().int().min(100).max(100_000_000).optional().describe('Its context window.'),
  rules: z.array(sentence).max(100).default([]).describe('What it is told to do or not to do, always.'),
  rulesFrom: z.array(fileGlob).max(20).default([]).describe('Files with more of them.'),
  errors: z
    .array(pattern)
    .max(50)
    .default([])
    .describe('How an error of a tool looks, where the format of its transcripts has no flag.'),
});
export type ProfileAgent = z.infer<typeof profileAgent>;
