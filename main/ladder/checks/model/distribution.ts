import { utf8 } from '../../../../common/lib/bytes.ts';
import { cutText } from '../../../../common/lib/cut-text.ts';
import { usualFloor } from '../../../../common/signal/statistics/index.ts';
import type { Check, CheckEvidence, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { outputsNow, type FieldCompared, type OutputsNow } from '../../read/outputs.ts';
import { hidesValues } from '../../read/payload-change.ts';
import { placeNamed, placesOf } from '../../read/places.ts';
import { rowsEvidence } from '../../read/rows.ts';

const mostSaid = 700;

/** Whether what a model answers is distributed as it was: confidence, classes, scores, and how long it takes. */
export const distributionCheck: Check = {
  id: 'model.distribution',
  rung: 5,
  title: 'Answers are distributed as they were',
  effect: 'none',
  timeoutMs: 90_000,
  // One state that is asked for again and again is distributed as nothing.
  subjects: (profile) =>
    placesOf(profile)
      .filter(({ isList }) => isList)
      .map(({ name }) => name),
  async run(subject, context) {
    const outputs = await outputsNow(context);
    const found = verdict(subject, outputs, context);
    return { ...found, says: cutText(found.says, mostSaid), evidence: evidenceOf(subject, outputs) };
  },
};

function verdict(name: string, outputs: OutputsNow, context: CheckContext): Found {
  const { read, before, rows, diff } = outputs.payloads.get(name)!;
  const { explainedBy } = placeNamed(context.profile, name);
  if (read.problem !== null) return unknown(`${name} can't be read: ${read.problem}`, read.next, explainedBy);
  if (!before)
    return unknown(
      `${name}: no baseline, so whether its values are as they were can't be told.`,
      'Take a baseline when all is well: warroom baseline take PROFILE --out FILE.',
    );
  const form = diff?.changes.filter(hidesValues) ?? [];
  if (form.length > 0)
    return unknown(
      `${name}: its form changed, so its values can't be compared: ${form[0]!.says}`,
      'Mend its form first (rung 4).',
      `schema.payload ${name}`,
    );
  const fields = outputs.fields.filter(({ place }) => place === name);
  const told = fields.filter(({ comparison }) => comparison.measured);
  if (fields.length === 0)
    return unknown(`${name}: the baseline has no values of it that could be compared.`, undefined);
  if (told.length === 0)
    return unknown(
      `${name}: ${rows.length} of ${usualFloor} rows since the baseline, which itself has ${before.rows} of ${usualFloor}.`,
      'Wait until more parts have passed, then run this again.',
    );
  const within = outputs.within.filter(({ place }) => place === name);
  return judged(name, told, within, context);
}

const unknown = (says: string, next?: string, explainedBy?: string): Found => ({
  result: 'unknown',
  says,
  ...(next !== undefined && { next }),
  ...(explainedBy !== undefined && { explainedBy }),
});

function judged(name: string, told: FieldCompared[], within: FieldCompared[], context: CheckContext): Found {
  const shifted = told.filter(({ comparison }) => comparison.verdict === 'shifted');
  const mix = shifted.filter(({ role }) => role === 'class');
  const measured = shifted.filter(({ role }) => role === 'measured');
  const numbers = shifted
    .filter(({ role }) => role === 'output' || role === 'latency')
    .filter((each) => each.role === 'output' || slower(each));
  // A number that goes with the class moves with the mix: within a class it is then as it was.
  const own = numbers.filter((each) => mix.length === 0 || !sameWithin(each, within));
  if (own.length > 0) return moved(name, own, shifted.length - own.length, told.length);
  if (mix.length > 0) return mixed(name, mix, measured, told, context);
  const faster = shifted.filter((each) => each.role === 'latency');
  const notes = [...measured, ...faster].map(sentence);
  return {
    result: 'pass',
    says: `${name}: ${told.length} fields are distributed as in the baseline (${told[0]!.comparison.now} rows now, ${told[0]!.comparison.baseline} then).${notes.length > 0 ? ` Noted: ${notes.join(' ')}` : ''}`,
    rulesOut: `That the model behind ${name} answers otherwise on the whole; single kinds of parts may still be struck.`,
  };
}

const slower = ({ before, now }: FieldCompared) => (now ?? 0) > (before ?? 0);

function sameWithin({ field }: FieldCompared, within: FieldCompared[]): boolean {
  const known = within.filter((each) => each.field === field && each.comparison.measured);
  return known.length > 0 && known.every(({ comparison }) => comparison.verdict === 'same');
}

const isMajor = ({ comparison }: FieldCompared) => comparison.measured?.size === 'major';

function moved(name: string, own: FieldCompared[], others: number, compared: number): Found {
  const more = others > 0 ? ` ${others} more moved with it.` : '';
  return {
    result: own.some(isMajor) ? 'fail' : 'warn',
    says: `${name}: ${own.map(sentence).join(' ')}${more} ${compared} fields were compared at once.`,
    next: 'Ask the golden questions and compare the fingerprints: another answer to the same input is the model, the same answer is its input.',
    rulesOut: 'That it is only chance, or only another mix of classes.',
  };
}

/** Other parts make another mix too: golden answers tell, and where there are none, what was measured of the parts. */
function mixed(
  name: string,
  mix: FieldCompared[],
  measured: FieldCompared[],
  told: FieldCompared[],
  { profile }: CheckContext,
): Found {
  const same = told.filter(({ role, comparison }) => role === 'measured' && comparison.verdict === 'same');
  const isOurs = mix.some(isMajor) && profile.golden.length === 0 && measured.length === 0 && same.length > 0;
  const parts =
    measured.length > 0
      ? `The parts themselves are others: ${measured.map(sentence).join(' ')}`
      : same.length > 0
        ? `What was measured of the parts is as it was (${same.map(({ field }) => field).join(', ')}).`
        : 'Nothing is measured of the parts to tell whether they are others.';
  return {
    result: isOurs ? 'fail' : 'warn',
    says: `${name}: ${mix.map(sentence).join(' ')} Within a class nothing moved. ${parts}`,
    next:
      profile.golden.length > 0
        ? 'Ask the golden questions: with equal answers it is another mix of products.'
        : 'Show it a few parts whose class is known.',
    rulesOut: 'That it is only chance.',
  };
}

/** What moved, with its numbers. */
function sentence({ field, before, now, comparison }: FieldCompared): string {
  const { value, size, moves } = comparison.measured!;
  const counts = `PSI ${value.toFixed(2)}, ${size}; ${comparison.now} now, ${comparison.baseline} then`;
  if (before !== null && now !== null)
    return `\`${field}\` ${now < before ? 'fell' : now > before ? 'rose' : 'spreads otherwise'}: median ${short(before)} → ${short(now)} (${counts}).`;
  const shares = moves.map((move) => `${move.label} ${percent(move.baseline)} → ${percent(move.now)}`);
  return `\`${field}\`: ${shares.join(', ')} (${counts}).`;
}

const short = (value: number) => String(Number(value.toPrecision(3)));
const percent = (share: number) => `${Math.round(share * 100)} %`;

function evidenceOf(name: string, { fields, within, payloads }: OutputsNow): CheckEvidence[] {
  const told = [...fields, ...within].filter(({ place }) => place === name);
  const { read } = payloads.get(name)!;
  if (told.length === 0)
    return read.seen.length > 0 ? [rowsEvidence(`${name.replace(/[^\w.-]+/g, '-')}.txt`, read)] : [];
  const text = JSON.stringify(told, null, 2);
  const file = `${name.replace(/[^\w.-]+/g, '-')}-distribution.json`;
  return [{ name: file, media: 'application/json', bytes: utf8(text) }];
}
