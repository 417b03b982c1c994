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
    const diff = before && diffOf(before, rows, schema, document);
    // One state that is asked for again and again tells of no set of values.
    const changes = diff?.changes.filter(({ kind }) => place.isList || !kind.startsWith('enum')) ?? [];
    return { read, rows, before, diff: diff && { ...diff, changes }, schema, document };
  });
}

/** So many of the newest rows tell of a form that changed a while after the baseline. */
const newest = 100;

/** What changed over all rows since the baseline, and what did so among the newest: a mixture of both forms hides a change. */
function diffOf(before: BaselinePlace, rows: unknown[], schema: unknown, document: unknown): ShapeDiff {
  const options = schema === undefined ? {} : { schema, document };
  const diff = diffShapes(before.shape, shapeOf(rows), options);
  if (rows.length <= newest) return diff;
  const late = diffShapes(before.shape, shapeOf(rows.slice(-newest)), options);
  const more = late.changes.filter(
    (change) =>
      isOfForm(change) && !diff.changes.some((known) => known.path === change.path && isOfForm(known)),
  );
  const replaced = diff.changes.filter(
    (change) => !more.some(({ path, kind }) => path === change.path && kind === change.kind),
  );
  return { ...diff, changes: [...more, ...replaced] };
}

function shapeOf(rows: readonly unknown[]) {
  const shaper = createShaper();
  for (const row of rows) shaper.add(row);
  return shaper.shape();
}

/** Whether the form itself changed. Numbers that are only elsewhere are what rung 5 asks about. */
export const isOfForm = ({ severity, kind }: Change): boolean => severity === 'fault' && kind !== 'range';

/** Whether numbers behind it can't be compared. What has fewer decimals still can: a model stuck at 0.5 has them too. */
export const hidesValues = (change: Change): boolean => isOfForm(change) && change.kind !== 'precision';
