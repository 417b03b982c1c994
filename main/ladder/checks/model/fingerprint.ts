import { utf8 } from '../../../../common/lib/bytes.ts';
import { cutText } from '../../../../common/lib/cut-text.ts';
import type { Check, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { digestOf } from '../../read/digest.ts';
import { readFingerprint, type PartRead } from '../../read/fingerprint.ts';
import { outputsNow } from '../../read/outputs.ts';

const mostSaid = 700;

/** Whether what a model is made of is what it was: each part by itself, and whether that fits with what it answers. */
export const fingerprintCheck: Check = {
  id: 'model.fingerprint',
  rung: 5,
  title: 'The model is made of what it was',
  effect: 'none',
  timeoutMs: 120_000,
  subjects: ({ fingerprints }) => fingerprints.map(({ name }) => name),
  async run(subject, context) {
    const fingerprint = context.profile.fingerprints.find(({ name }) => name === subject)!;
    const parts = await readFingerprint(context, fingerprint);
    const services = Object.values(fingerprint.parts).flatMap(({ read }) =>
      read.by === 'http' ? [read.service] : [],
    );
    const kept = context.baseline()?.fingerprints.find(({ name }) => name === subject)?.parts ?? {};
    const found = await verdict(subject, parts, kept, services, context);
    const told = JSON.stringify({ parts, baseline: kept }, null, 2);
    return {
      ...found,
      says: cutText(found.says, mostSaid),
      evidence: [{ name: `${subject}-fingerprint.json`, media: 'application/json', bytes: utf8(told) }],
    };
  },
};

async function verdict(
  name: string,
  parts: PartRead[],
  kept: Record<string, string>,
  services: string[],
  context: CheckContext,
): Promise<Found> {
  const known = parts.filter((part) => part.digest !== null && knownOf(part, kept) !== null);
  const changed = known.filter((part) => part.digest !== knownOf(part, kept));
  const unread = parts.filter(({ digest }) => digest === null);
  if (changed.length > 0)
    return {
      result: 'fail',
      says: `${name}: ${changed.map((part) => says(part)).join(' ')} ${known.length - changed.length} of ${known.length} known parts are as they were.`,
      next: `Find out who changed ${changed.map((part) => part.name).join(', ')} and when; ask the golden questions; then put it back or take a new baseline.`,
    };
  const left = unread.map((part) => `${part.name} can't be read: ${part.problem}`).join(' ');
  if (known.length === 0)
    return {
      result: 'unknown',
      says: `${name}: ${unread.length === parts.length ? left : `what its parts are to be, neither the profile nor a baseline says.${left && ` ${left}`}`}`,
      next: 'Take a baseline when all is well: warroom baseline take PROFILE --out FILE.',
      ...(services[0] !== undefined &&
        unread.length === parts.length && { explainedBy: `tools.service ${services[0]}` }),
    };
  const moved = await movedOutputs(services, context);
  const same = `${name}: ${known.length} of ${parts.length} parts are as they were (${known.map((part) => part.name).join(', ')}).`;
  if (moved.length > 0)
    return {
      result: 'warn',
      says: `${same} Its answers moved all the same (${moved.join(', ')}).${left && ` ${left}`}`,
      next: 'Look at its input (light, focus, what it is shown) and at what is part of it and not in its fingerprint.',
      rulesOut: `That ${known.map((part) => part.name).join(', ')} changed.`,
    };
  return {
    result: unread.length > 0 && unread.length >= known.length ? 'unknown' : 'pass',
    says: `${same}${left && ` ${left}`}`,
    rulesOut: `That ${known.map((part) => part.name).join(', ')} changed.`,
  };
}

/** What the profile expects comes before what a baseline kept. */
function knownOf({ name, expected }: PartRead, kept: Record<string, string>): string | null {
  if (expected !== null) return /^sha256:[0-9a-f]{64}$/.test(expected) ? expected : digestOf(expected);
  return Object.hasOwn(kept, name) ? kept[name]! : null;
}

function says({ name, text, digest, expected }: PartRead): string {
  const now = text === null ? digest!.slice(0, 19) : JSON.stringify(text);
  return expected === null
    ? `${name} is another than in the baseline (now ${now}).`
    : `${name} is ${now}, where ${JSON.stringify(expected)} is expected.`;
}

/** Outputs of the services it is asked from, or of all where none is named, that are no longer distributed as they were. */
async function movedOutputs(services: string[], context: CheckContext): Promise<string[]> {
  if (!context.baseline()) return [];
  const { fields } = await outputsNow(context);
  return fields
    .filter(({ role, comparison }) => role === 'output' && comparison.verdict === 'shifted')
    .filter(({ place }) => services.length === 0 || services.some((each) => place.startsWith(`${each} `)))
    .map(({ place, field }) => `${field} of ${place}`);
}
