import { canonicalize } from '../lib/canonical.ts';
import { diffShapes } from '../schema/index.ts';
import { compareFamily } from '../signal/statistics/index.ts';
import type { Baseline } from './schema.ts';

/** One difference between two baselines, as a sentence. */
export interface BaselineChange {
  of: 'form' | 'values' | 'openapi' | 'fingerprint' | 'golden';
  /** As `cv /detections`, `cv` or `vision-model`. */
  where: string;
  says: string;
}

/** What changed from one baseline to another, where both know it. What only chance moved is left out. */
export function diffBaselines(before: Baseline, after: Baseline): BaselineChange[] {
  return [
    ...before.places.flatMap((x) => {
      const y = after.places.find(({ place }) => place === x.place);
      const changes = y ? diffShapes(x.shape, y.shape).changes : [];
      return changes.map(({ says }): BaselineChange => ({ of: 'form', where: x.place, says }));
    }),
    ...valueChanges(before, after),
    ...before.openapi.flatMap(({ service, digest }): BaselineChange[] => {
      const now = after.openapi.find((each) => each.service === service);
      return now && now.digest !== digest
        ? [{ of: 'openapi', where: service, says: 'Its OpenAPI document is another.' }]
        : [];
    }),
    ...before.fingerprints.flatMap(({ name, parts }) => {
      const now = after.fingerprints.find((each) => each.name === name)?.parts ?? {};
      return Object.entries(parts)
        .filter(([part, digest]) => Object.hasOwn(now, part) && now[part] !== digest)
        .map(([part]): BaselineChange => ({
          of: 'fingerprint',
          where: name,
          says: `\`${part}\` is another.`,
        }));
    }),
    ...goldenChanges(before, after),
  ];
}

function valueChanges(before: Baseline, after: Baseline): BaselineChange[] {
  const pairs = before.places.flatMap(({ place, fields }) => {
    const now = after.places.find((each) => each.place === place)?.fields ?? [];
    return fields.flatMap(({ field, sketch }) => {
      const other = now.find((each) => each.field === field)?.sketch;
      // What was a number and is a text, has changed its form.
      return other?.kind === sketch.kind ? [{ place, name: field, baseline: sketch, now: other }] : [];
    });
  });
  return compareFamily(pairs).flatMap((comparison, i): BaselineChange[] => {
    if (comparison.verdict !== 'shifted') return [];
    const { place, name } = pairs[i]!;
    return [{ of: 'values', where: place, says: `\`${name}\`: ${comparison.says}` }];
  });
}

function goldenChanges(before: Baseline, after: Baseline): BaselineChange[] {
  return before.golden.flatMap(({ name, answers }) => {
    const now = after.golden.find((each) => each.name === name)?.answers ?? [];
    return answers.flatMap(({ id, values }) => {
      const other = now.find((each) => each.id === id);
      if (!other || canonicalize(other.values) === canonicalize(values)) return [];
      return [{ of: 'golden' as const, where: name, says: `\`${id}\` is answered otherwise.` }];
    });
  });
}
