import { z } from 'zod';
import { commandReading, fileReading, httpReading } from './reading.ts';
import { partName, sentence } from './text.ts';

/** Where a part is read. What is compared is the SHA-256 of what was read: of a file all of it unless a field or pattern is told. */
const fingerprintPart = z.strictObject({
  read: z.discriminatedUnion('by', [httpReading, fileReading, commandReading]),
  expected: z.string().min(1).max(500).optional().describe('The text itself, or sha256:…'),
});

/** What a thing is made of, part by part: weights, labels, preprocessing, runtime, prompt. Each is compared by itself. */
export const profileFingerprint = z.strictObject({
  name: partName,
  means: sentence.optional(),
  parts: z
    .record(partName, fingerprintPart)
    .refine((parts) => Object.keys(parts).length > 0, 'at least one part'),
});
export type ProfileFingerprint = z.infer<typeof profileFingerprint>;
