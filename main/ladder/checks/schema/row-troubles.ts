/** What is wrong with rows by the profile's own word, without anything to compare with. */
import { checkInvariant, instantOf, parseInvariant, type Epoch } from '../../../../common/profile/index.ts';
import { checkAgainst } from '../../../../common/schema/index.ts';
import { cutText } from '../../../../common/lib/cut-text.ts';
import type { Place } from '../../read/places.ts';
import { valueReader } from '../../read/rows.ts';

export interface Trouble {
  result: 'warn' | 'fail';
  /** A shape's path, or a profile's field; '' the whole row. */
  field: string;
  says: string;
}

/** One row in so many may be a slip; more are none. */
const slips = 0.01;
const longest = 160;
const dayMicros = 86_400e6;
const year2000 = Date.UTC(2000, 0, 1) * 1000;

/** Invariants that do not hold, times that are none, numbers that are none. */
export function profileTroubles(place: Place, rows: readonly unknown[], now: number): Trouble[] {
  return [
    ...place.invariants.flatMap((text) => invariantTrouble(text, rows)),
    ...timesOf(place).flatMap(({ field, epoch }) => timeTrouble(field, epoch, rows, now)),
    ...place.fields.flatMap(({ field, unit }) =>
      unit === undefined ? [] : numberTrouble(field, unit, rows),
    ),
  ];
}

function invariantTrouble(text: string, rows: readonly unknown[]): Trouble[] {
  const invariant = parseInvariant(text);
  const results = rows.map((row) => checkInvariant(invariant, row));
  const broken = results.filter(({ holds }) => holds === false);
  const untold = results.filter(({ holds }) => holds === null);
  const [example] = broken.length > 0 ? broken : untold;
  if (!example || (broken.length === 0 && untold.length < results.length)) return [];
  const [field = ''] = Object.keys(example.fields);
  const values = cutText(JSON.stringify(example.fields), longest);
  if (broken.length === 0)
    return [
      { result: 'fail', field, says: `\`${text}\` can't be told of any of ${rows.length} rows (${values}).` },
    ];
  const result = broken.length > Math.max(1, slips * rows.length) || rows.length === 1 ? 'fail' : 'warn';
  return [
    {
      result,
      field,
      says: `\`${text}\` does not hold in ${broken.length} of ${rows.length} rows (${values}).`,
    },
  ];
}

function timesOf({ time, fields }: Place): { field: string; epoch: Epoch }[] {
  const told = fields.flatMap(({ field, epoch }) => (epoch === undefined ? [] : [{ field, epoch }]));
  return time ? [time, ...told] : told;
}

function timeTrouble(field: string, epoch: Epoch, rows: readonly unknown[], now: number): Trouble[] {
  const values = rows.map(valueReader(field));
  const instants = values.map((value) => instantOf(value, epoch));
  const none = values.filter((_, i) => instants[i] === null);
  if (none.length > slips * rows.length)
    return [
      {
        result: 'fail',
        field,
        says: `\`${field}\` is no instant in ${epoch} in ${none.length} of ${rows.length} rows (${shown(none[0])}).`,
      },
    ];
  const far = values.filter((_, i) => {
    const at = instants[i];
    return at != null && (at < year2000 || at > now + dayMicros);
  });
  return far.length > slips * rows.length
    ? [
        {
          result: 'fail',
          field,
          says: `\`${field}\` in ${epoch} lies before 2000 or after tomorrow in ${far.length} of ${rows.length} rows (${shown(far[0])}): it may count in another unit.`,
        },
      ]
    : [];
}

function numberTrouble(field: string, unit: string, rows: readonly unknown[]): Trouble[] {
  const values = rows.map(valueReader(field)).filter((value) => value !== null);
  const wrong = values.filter((value) => typeof value !== 'number');
  // Of an optional field a part is missing, which is nothing; of a text in a number's place one is enough.
  const texts = wrong.filter((value) => value !== undefined);
  if (texts.length === 0 && wrong.length < values.length) return [];
  const [of, value] = texts.length > 0 ? [texts.length, texts[0]] : [wrong.length, undefined];
  if (of === 0) return [];
  const says = `\`${field}\` is no number of ${unit} in ${of} of ${rows.length} rows (${shown(value)}).`;
  return [{ result: 'fail', field, says }];
}

const shown = (value: unknown) => (value === undefined ? 'missing' : cutText(JSON.stringify(value), 80));

/** Rows that are not what the service's own OpenAPI document says of them. */
export function documentTroubles(rows: readonly unknown[], schema: unknown, document: unknown): Trouble[] {
  const byPath = new Map<string, { says: string; rows: number }>();
  for (const row of rows) {
    const seen = new Set<string>();
    for (const { path, says } of checkAgainst(row, schema, document).problems) {
      const field = path.replace(/\[\d+\]/g, '[*]');
      if (seen.has(field)) continue;
      seen.add(field);
      const known = byPath.get(field);
      byPath.set(field, { says: known?.says ?? says, rows: (known?.rows ?? 0) + 1 });
    }
  }
  return [...byPath].map(([field, found]) => ({
    result: 'fail' as const,
    field,
    says: `${field === '' ? 'The row' : `\`${field}\``} ${found.says} in ${found.rows} of ${rows.length} rows, against the service's own OpenAPI document.`,
  }));
}
