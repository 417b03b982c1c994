/** What the parts of a profile have in common: names, and small languages whose mistakes are found as it is read. */
import { z } from 'zod';
import { WarroomError } from '../../lib/errors.ts';
import { longestInvariant, parseInvariant } from '../invariant-parse.ts';
import { longestPath, parseJsonPath } from '../json-path.ts';
import { compilePattern } from '../pattern.ts';
import { longestPattern } from '../pattern-parse.ts';

/** A text in a small language: what its reader throws is the mistake. */
export function readBy(longest: number, read: (text: string) => unknown) {
  return z
    .string()
    .min(1)
    .max(longest)
    .superRefine((text, context) => {
      try {
        read(text);
      } catch (error) {
        if (!(error instanceof WarroomError)) throw error;
        // What can't be read is not looked at any further.
        context.addIssue({
          code: 'custom',
          message: `${error.message} ${error.hint}`.trim(),
          continue: false,
        });
      }
    });
}

export const partName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lowercase letters, digits and dashes, a letter first');
export const sentence = z.string().min(1).max(500);
export const unitText = z.string().max(20);
export const channelId = z
  .string()
  .max(200)
  .regex(/^[^\s/]+\/\S+$/, 'a channel is written <device>/<column>')
  .describe('A channel, as cell-a/weight, cv/answer, math/total or count/parts.');

export const jsonPath = readBy(longestPath, parseJsonPath).describe(
  'Where in the JSON: boxes[0].score, items[*].label, ["odd name"], or $ for the whole.',
);
/** A path that gives one value: without `[*]`. */
export const singlePath = jsonPath.refine((path) => !path.includes('[*]'), 'one value is meant: without [*]');
export const pattern = readBy(longestPattern, compilePattern).describe(
  'A regular expression without back-references and looking around. (?i) before it: in any case. (?<value>…) is what is meant.',
);
export const invariant = readBy(longestInvariant, parseInvariant).describe(
  'What always holds of a row: bbox[2] > bbox[0], 0 <= score <= 1, label in ["ok", "dent"].',
);

export const urlPath = z
  .string()
  .startsWith('/')
  .max(400)
  .regex(/^[^\s#]*$/, 'without blanks and #');
export const filePath = z
  .string()
  .min(1)
  .max(400)
  // eslint-disable-next-line no-control-regex -- a path with a control character is a mistake or an attack
  .regex(/^[^\u0000-\u001f]+$/, 'without control characters');
export const fileGlob = filePath
  .refine((glob) => glob.split('**').length <= 3, '** at most twice')
  .describe('Files: * within a folder, ** over folders, ? for one character; ~ is the home folder.');

/** How an instant is written. */
export const epoch = z
  .enum(['iso-8601', 'seconds', 'milliseconds', 'microseconds', 'nanoseconds'])
  .describe('How an instant is written: as text, or as a number since 1970.');

/** A number of each row whose unit, or an instant whose epoch, is not to be guessed. */
export const rowField = z
  .strictObject({
    field: jsonPath,
    unit: unitText.optional(),
    epoch: epoch.optional(),
  })
  .refine(({ unit, epoch: of }) => (unit === undefined) !== (of === undefined), 'either a unit or an epoch');
export type ProfileField = z.infer<typeof rowField>;
