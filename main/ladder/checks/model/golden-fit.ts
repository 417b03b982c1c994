/** Whether a golden answer is what it was, within what the profile allows. */
import type { GoldenAnswer } from '../../../../common/baseline/index.ts';
import { canonicalize } from '../../../../common/lib/canonical.ts';
import type { ProfileGolden } from '../../../../common/profile/index.ts';
import type { Found } from '../../check.ts';
import type { GoldenAsked } from '../../read/golden.ts';

export type GoldenField = ProfileGolden['fields'][number];
type Box = [number, number, number, number];

/** Lists of values fit each in its place, and only where they are equally long. */
export function fits(field: GoldenField, known: unknown, value: unknown): boolean {
  if (value === undefined) return known === undefined;
  if (field.compare === 'exact') return canonicalize(known) === canonicalize(value);
  if (field.compare === 'near') {
    if (typeof known === 'number' && typeof value === 'number')
      // What a decimal fraction loses as a double is no change.
      return Math.abs(known - value) <= field.tolerance + 1e-9;
    return fitsEach(field, known, value);
  }
  const [before, now] = [boxOf(known, field.form), boxOf(value, field.form)];
  return before && now ? overlap(before, now) >= field.overlap : fitsEach(field, known, value);
}

function fitsEach(field: GoldenField, known: unknown, value: unknown): boolean {
  if (!Array.isArray(known) || !Array.isArray(value) || known.length !== value.length) return false;
  return known.every((each, i) => typeof each !== 'string' && fits(field, each, value[i]));
}

/** As corners; null: it is no box. */
function boxOf(value: unknown, form: 'corners' | 'size'): Box | null {
  if (!Array.isArray(value) || value.length !== 4) return null;
  if (!value.every((each): each is number => typeof each === 'number')) return null;
  const [a, b, c, d] = value as Box;
  return form === 'corners' ? [a, b, c, d] : [a, b, a + c, b + d];
}

/** Intersection over union. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const both = Math.max(0, width) * Math.max(0, height);
  const area = (box: Box) => Math.max(0, box[2] - box[0]) * Math.max(0, box[3] - box[1]);
  const all = area(a) + area(b) - both;
  return all > 0 ? both / all : a.join() === b.join() ? 1 : 0;
}

const leastTimes = 5;
/** Milliseconds within which a ratio says nothing. */
const leastLate = 20;

/** Whether the median question takes more than the allowed ratio; null: it does not, or nothing is known. */
export function latencyOf(
  { name, latencyRatio }: ProfileGolden,
  answered: readonly GoldenAsked[],
  kept: readonly GoldenAnswer[],
): Found | null {
  if (latencyRatio === undefined) return null;
  const pairs = answered.flatMap(({ id, took }) => {
    const before = kept.find((each) => each.id === id)?.latencyMs;
    return before !== undefined && before > 0 ? [{ before, now: medianOf(took) }] : [];
  });
  const times = answered.reduce((sum, { took }) => sum + took.length, 0);
  if (pairs.length === 0 || times < leastTimes) return null;
  const ratio = medianOf(pairs.map(({ before, now }) => now / before));
  const late = medianOf(pairs.map(({ before, now }) => now - before));
  if (ratio <= latencyRatio || late < leastLate) return null;
  const [before, now] = [medianOf(pairs.map((each) => each.before)), medianOf(pairs.map((each) => each.now))];
  return {
    result: 'fail',
    says: `${name}: the answers are as they were and take ${ratio.toFixed(1)} times as long (median ${Math.round(before)} → ${Math.round(now)} ms of ${times} answers), where ${latencyRatio} is allowed.`,
    next: 'Look at what else loads that machine, its clocks and temperature, and whether the model still runs on its accelerator.',
    rulesOut: 'That what the model answers to these questions changed.',
  };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
