/** Which fields of rows are worth a sketch: numbers and names that a model may change, not keys, times and counters. */
import { parseJsonPath, valuesAt } from '../profile/index.ts';
import type { PathShape, Shape } from '../schema/index.ts';
import { createNumberSketcher, sketchNames } from '../signal/statistics/index.ts';
import { mostClasses, mostFields, type BaselinePlace, type FieldSketch } from './schema.ts';

/** What a field tells of: what a model answered, how long it took, or what was measured of the part. */
export type FieldRole = 'output' | 'latency' | 'measured';

/** What the profile says of a place's rows. */
export interface PlaceFields {
  /** Fields by which a row is known or ordered, and its times: never compared. */
  apart: readonly string[];
  /** Declared units, by field. */
  units: ReadonlyMap<string, string>;
}

const mostNames = 24;
/** A number that never falls over so many rows counts something. */
const rowsOfCounter = 20;
/** Rows of a class from which its fields are kept. */
const leastOfClass = 100;

const timeUnits = /^(ns|us|µs|ms|s|sec|min|h)$/;
const timeNames = /(latency|duration|elapsed|took|millis)|_(ms|us|ns|s|sec|seconds)$/i;

/** What a number field tells of, by its unit, else by its name. A share without a unit is what a model answers. */
export function roleOf(field: string, units: ReadonlyMap<string, string>): FieldRole {
  const unit = units.get(field) ?? units.get(field.replace(/\[\d+\]/g, '[*]'));
  if (unit === undefined) return timeNames.test(field) ? 'latency' : 'output';
  if (timeUnits.test(unit)) return 'latency';
  return unit === '%' || unit === '' || unit === '1' ? 'output' : 'measured';
}

/** Sketches of the fields of rows, and those within the commonest classes. */
export function sketchFields(
  rows: readonly unknown[],
  shape: Shape,
  place: PlaceFields,
): Pick<BaselinePlace, 'fields' | 'within'> {
  const found = shape.paths.flatMap((path) => {
    const kind = kindOf(path, place);
    const read = kind && readerOf(path.path);
    return read ? [{ field: path.path, kind, values: rows.map(read) }] : [];
  });
  const columns = found.slice(0, mostFields);
  const fields = columns.map(({ field, kind, values }) => ({ field, sketch: sketchOf(kind, values) }));
  const numbers = columns.filter(({ kind }) => kind === 'numbers');
  const classes = columns.find(({ kind, values }) => kind === 'names' && new Set(values).size > 1);
  if (!classes || numbers.length === 0) return { fields, within: null };
  const within = commonest(classes.values).map((is) => ({
    is,
    fields: numbers.map(({ field, values }) => ({
      field,
      sketch: sketchOf(
        'numbers',
        values.filter((_, row) => classes.values[row] === is),
      ),
    })),
  }));
  return { fields, within: { of: classes.field, classes: within } };
}

function kindOf(path: PathShape, { apart }: PlaceFields): 'numbers' | 'names' | null {
  const { numbers, strings, types, seen } = path;
  if (path.path === '' || apart.includes(path.path) || /\{\*\}/.test(path.path)) return null;
  if (numbers && numbers.count * 2 > seen)
    return numbers.falls === 0 && numbers.count >= rowsOfCounter && numbers.max > numbers.min
      ? null
      : 'numbers';
  if ((types.boolean ?? 0) * 2 > seen) return 'names';
  if (!strings?.names || strings.count * 2 <= seen || strings.names.length > mostNames) return null;
  const { 'date-time': time = 0, uuid = 0, text = 0 } = strings.formats;
  return time + uuid > 0 || text === 0 ? null : 'names';
}

/** One value of a row: of a list the first item, since one part's items are no samples of their own. */
function readerOf(path: string): ((row: unknown) => number | string | undefined) | null {
  let steps;
  try {
    ({ steps } = parseJsonPath(path));
  } catch {
    // A name that no path can say (too long, with a quote in it) is not compared.
    return null;
  }
  return (row) => {
    const [value] = valuesAt(row, steps);
    if (typeof value === 'boolean') return String(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
    return typeof value === 'string' ? value : undefined;
  };
}

function sketchOf(kind: 'numbers' | 'names', values: readonly (number | string | undefined)[]): FieldSketch {
  if (kind === 'names') return sketchNames(values.filter((value) => typeof value === 'string'));
  const sketcher = createNumberSketcher();
  for (const value of values) if (typeof value === 'number') sketcher.add(value);
  return sketcher.sketch();
}

function commonest(values: readonly (number | string | undefined)[]): string[] {
  const { names, counts } = sketchNames(values.filter((value) => typeof value === 'string'));
  return names
    .map((is, i) => ({ is, count: counts[i]! }))
    .filter(({ count }) => count >= leastOfClass)
    .sort((a, b) => b.count - a.count)
    .slice(0, mostClasses)
    .map(({ is }) => is);
}

/** The values of one field of rows, as a sketch of that kind. */
export function sketchField(rows: readonly unknown[], field: string, kind: FieldSketch['kind']): FieldSketch {
  const read = readerOf(field);
  return sketchOf(kind === 'numbers' ? 'numbers' : 'names', read ? rows.map(read) : []);
}

/** Rows whose class is that. */
export function rowsOfClass(rows: readonly unknown[], field: string, is: string): unknown[] {
  const read = readerOf(field);
  return rows.filter((row) => read?.(row) === is);
}
