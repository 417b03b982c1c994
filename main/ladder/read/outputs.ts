/** Whether the values of rows are distributed as in the baseline: all places at once, since each adds a chance to be wrong. */
import {
  roleOf,
  rowsOfClass,
  sketchField,
  type FieldRole,
  type FieldSketch,
} from '../../../common/baseline/index.ts';
import { compareFamily, usualFloor, type FamilyComparison } from '../../../common/signal/statistics/index.ts';
import { quantileOf, sortedSamples } from '../../../common/signal/statistics/samples.ts';
import type { CheckContext } from '../context.ts';
import { hidesValues, payloadNow, type PayloadNow } from './payload-change.ts';
import { fieldsOfPlace, placesOf, type Place } from './places.ts';

export interface FieldCompared {
  place: string;
  field: string;
  /** Of names: which of several it is. */
  role: FieldRole | 'class';
  /** Only rows of this class; null: all. */
  within: string | null;
  /** Medians; null for names. */
  before: number | null;
  now: number | null;
  comparison: FamilyComparison;
}

export interface OutputsNow {
  payloads: Map<string, PayloadNow>;
  fields: FieldCompared[];
  /** The same within classes: what stays as it is while only the mix of classes changes. */
  within: FieldCompared[];
}

/** Of one class there are fewer rows. */
const floorWithin = 100;

type Wanted = Omit<FieldCompared, 'comparison'> & { sketches: [FieldSketch, FieldSketch] };

/** Once a run; places without a baseline, or that can't be read, have no fields. */
export function outputsNow(context: CheckContext): Promise<OutputsNow> {
  return context.once('outputs', async () => {
    const payloads = new Map<string, PayloadNow>();
    const wanted: Wanted[] = [];
    for (const place of placesOf(context.profile)) {
      const payload = await payloadNow(context, place);
      payloads.set(place.name, payload);
      if (payload.read.problem === null) wanted.push(...wantedOf(place, payload));
    }
    const made = (members: Wanted[], floor: number) =>
      compareFamily(
        members.map(({ place, field, sketches: [baseline, now] }) => ({
          name: `${place} ${field}`,
          baseline,
          now,
        })),
        { floor },
      ).map((comparison, i): FieldCompared => {
        const { sketches: _, ...rest } = members[i]!;
        return { ...rest, comparison };
      });
    return {
      payloads,
      fields: made(
        wanted.filter(({ within }) => within === null),
        usualFloor,
      ),
      within: made(
        wanted.filter(({ within }) => within !== null),
        floorWithin,
      ),
    };
  });
}

function wantedOf(place: Place, { before, rows, diff }: PayloadNow): Wanted[] {
  if (!before) return [];
  const { units } = fieldsOfPlace(place);
  const changed = (diff?.changes ?? []).filter(hidesValues).map(({ path }) => path);
  const want = (of: typeof before.fields, own: readonly unknown[], within: string | null) =>
    of
      .filter(({ field }) => !changed.some((path) => field.startsWith(path) || path.startsWith(field)))
      .map(({ field, sketch }): Wanted => {
        const now = sketchField(own, field, sketch.kind);
        const role = sketch.kind === 'categories' ? 'class' : roleOf(field, units);
        const sketches: Wanted['sketches'] = [sketch, now];
        return {
          place: place.name,
          field,
          role,
          within,
          before: medianOf(sketch),
          now: medianOf(now),
          sketches,
        };
      });
  const classes = before.within?.classes ?? [];
  return [
    ...want(before.fields, rows, null),
    ...classes.flatMap(({ is, fields }) => want(fields, rowsOfClass(rows, before.within!.of, is), is)),
  ];
}

function medianOf(sketch: FieldSketch): number | null {
  if (sketch.kind === 'categories' || sketch.values.length === 0) return null;
  return quantileOf(sortedSamples(sketch.values), 0.5);
}
