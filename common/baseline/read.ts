import { utf8 } from '../lib/bytes.ts';
import { messageOf, WarroomError } from '../lib/errors.ts';
import { baseline, mostBaselineBytes, type Baseline } from './schema.ts';

/** OpenAPI documents nest deeper than most. */
const deepest = 96;
const shownMistakes = 3;

/** Reads a baseline that may come from anywhere. Throws `bad-input` with what is wrong with it. */
export function readBaseline(text: string): Baseline {
  if (text.length > mostBaselineBytes || utf8(text).length > mostBaselineBytes)
    throw notOne(`it is larger than ${mostBaselineBytes} bytes.`);
  let json: unknown;
  try {
    // Documents of others have integers over 2^53 (int64), which strict JSON refuses.
    json = JSON.parse(text);
  } catch (error) {
    throw notOne(messageOf(error));
  }
  if (isDeeper(json, deepest)) throw notOne('it is nested too deep.');
  const read = baseline.safeParse(json);
  if (read.success) return read.data;
  const mistakes = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw notOne(mistakes.slice(0, shownMistakes).join(' · '));
}

function isDeeper(value: unknown, most: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return most === 0 || Object.values(value).some((member) => isDeeper(member, most - 1));
}

const notOne = (why: string) =>
  new WarroomError('bad-input', `This is no baseline: ${why}`, 'Take one with `warroom baseline take`.');

/**
 * A baseline as text. Where it would be too large, the OpenAPI documents go, largest first; their digests stay. Throws
 * `bad-input` where that is not enough.
 */
export function writeBaseline(taken: Baseline): string {
  const kept = structuredClone(taken);
  const text = () => `${JSON.stringify(kept)}\n`;
  const size = (value: unknown) => JSON.stringify(value).length;
  const documents = kept.openapi
    .filter(({ document }) => document !== null)
    .sort((a, b) => size(b.document) - size(a.document));
  for (const each of documents) {
    if (utf8(text()).length <= mostBaselineBytes) break;
    each.document = null;
  }
  const written = text();
  if (utf8(written).length <= mostBaselineBytes) return written;
  throw new WarroomError(
    'bad-input',
    `The baseline of ${taken.profile.name} is larger than ${mostBaselineBytes} bytes.`,
    'Name fewer paths in the profile.',
  );
}
