/** How the rows of a place differ from the baseline, once a run: rung 4 tells it, rung 5 is explained by it. */
import type { BaselinePlace } from '../../../common/baseline/index.ts';
import { createShaper, diffShapes, type Change, type ShapeDiff } from '../../../common/schema/index.ts';
import type { CheckContext } from '../context.ts';
import { newRows } from './new-rows.ts';
import { readOpenApi } from './openapi.ts';
import type { Place } from './places.ts';
import { rowSchema } from './row-schema.ts';
import type { RowsRead } from './rows.ts';

export interface PayloadNow {
  read: RowsRead;
  /** Those that came since the baseline, the newest of them. */
  rows: unknown[];
  before: BaselinePlace | null;
  /** Null without a baseline. */
  diff: ShapeDiff | null;
  /** What the service itself says of a row, and the document that it stands in; undefined: nothing. */
  schema: unknown;
  document: unknown;
}

export function payloadNow(context: CheckContext, place: Place): Promise<PayloadNow> {
  return context.once(`payload ${place.name}`, async () => {
    const read = await place.read(context);
    const before = context.baseline()?.places.find((each) => each.place === place.name) ?? null;
    const rows = newRows(read.rows, place, before);
    const openapi = place.service && (await readOpenApi(context, place.service));
    const document = openapi?.document ?? null;
    const schema = document !== null && place.path ? rowSchema(document, place.path) : undefined;
    return { read, rows, before, diff: before && diffOf(before, rows, schema, document), schema, document };
  });
}

function diffOf(before: BaselinePlace, rows: unknown[], schema: unknown, document: unknown): ShapeDiff {
  const shaper = createShaper();
  for (const row of rows) shaper.add(row);
  return diffShapes(before.shape, shaper.shape(), schema === undefined ? {} : { schema, document });
}

/** Whether the form itself changed. Numbers that are only elsewhere are what rung 5 asks about. */
export const isOfForm = ({ severity, kind }: Change): boolean => severity === 'fault' && kind !== 'range';

/** Whether numbers behind it can't be compared. What has fewer decimals still can: a model stuck at 0.5 has them too. */
export const hidesValues = (change: Change): boolean => isOfForm(change) && change.kind !== 'precision';
