/** Where a system has rows: the paths of its services and its tables, each as the profile describes it. */
import type { PlaceFields } from '../../../common/baseline/index.ts';
import { instantOf, type Epoch, type Profile, type ProfileService } from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';
import { readRows, valueReader, type ReadPath, type RowsRead } from './rows.ts';
import { readTable } from './table.ts';

export interface Place {
  /** As `cv /detections` or `table scores`. */
  name: string;
  /** What of rung 3 explains that it can't be read. */
  explainedBy: string;
  service: ProfileService | null;
  path: ReadPath | null;
  key: string | null;
  time: { field: string; epoch: Epoch } | null;
  fields: Profile['tables'][number]['fields'];
  invariants: string[];
  /** It gives a list, or goes on: not one state that is asked for again. */
  isList: boolean;
  read(context: CheckContext): Promise<RowsRead>;
}

/** Answers of a path that gives one row at a time: so many are asked for, that something can be said of them. */
const asks = 20;
/** And no longer than that, where it is slow: milliseconds. */
const longestAsking = 5_000;

export function placesOf({ services, tables }: Profile): Place[] {
  return [...services.flatMap(pathsOf), ...tables.map(tablePlace)];
}

export const placeNamed = (profile: Profile, name: string): Place =>
  placesOf(profile).find((place) => place.name === name)!;

function pathsOf(service: ProfileService): Place[] {
  const described = service.paths.map((path) =>
    placeAt(service, path, {
      key: path.key ?? null,
      time: path.time ?? null,
      fields: path.fields,
      invariants: path.invariants,
    }),
  );
  const { answers } = service;
  if (answers?.by !== 'poll' || service.paths.some(({ path }) => path === answers.path)) return described;
  // What is watched is read too, where nobody has described it.
  const { path, items, since } = answers;
  const watched = { path, query: {}, ...(items && { rows: items }), ...(since && { since }) };
  const said = { key: since?.field ?? null, time: null, fields: [], invariants: [] };
  return [...described, placeAt(service, watched, said)];
}

function placeAt(
  service: ProfileService,
  path: ReadPath,
  said: Pick<Place, 'key' | 'time' | 'fields' | 'invariants'>,
): Place {
  const isList = path.rows !== undefined || path.since !== undefined;
  return {
    name: `${service.name} ${path.path}`,
    explainedBy: `tools.service ${service.name}`,
    service,
    path,
    ...said,
    isList,
    read: (context) => (isList ? readRows(context, service, path) : readSeveral(context, service, path)),
  };
}

function tablePlace(table: Profile['tables'][number]): Place {
  const { name, keyColumn, timeColumn, epoch, fields, invariants } = table;
  return {
    name: `table ${name}`,
    explainedBy: `tools.table ${name}`,
    service: null,
    path: null,
    key: keyColumn,
    time: timeColumn === undefined ? null : { field: timeColumn, epoch },
    fields,
    invariants,
    isList: true,
    read: (context) => readTable(context, table),
  };
}

/** What gives one row an answer is asked again and again; what gives a list already has several. */
function readSeveral(context: CheckContext, service: ProfileService, path: ReadPath): Promise<RowsRead> {
  return context.once(`several ${service.name} ${path.path}`, async (signal) => {
    const read = await readRows(context, service, path);
    const several = { ...read, rows: [...read.rows], seen: [...read.seen] };
    if (read.rows.length !== 1) return several;
    // Each ask is one of its own: what was read once a run is not to be answered again.
    const own: CheckContext = { ...context, once: (_key, make) => make(signal) };
    const started = performance.now();
    const mayAsk = () => !signal.aborted && performance.now() - started < longestAsking;
    while (several.rows.length < asks && several.problem === null && mayAsk()) {
      const more = await readRows(own, service, path);
      several.rows.push(...more.rows);
      several.seen.push(...more.seen);
      several.problem = more.problem;
    }
    return several;
  });
}

/** Fields of a place's rows that are never compared as numbers, and units. */
export function fieldsOfPlace({ key, time, path, fields }: Place): PlaceFields {
  const apart = [key, time?.field, path?.since?.field, ...fields.flatMap((f) => (f.epoch ? [f.field] : []))];
  return {
    apart: apart.filter((field) => typeof field === 'string'),
    units: new Map(fields.flatMap(({ field, unit }) => (unit === undefined ? [] : [[field, unit] as const]))),
  };
}

/** When a row came to be and what it is known by, where the profile says so and the row has it. */
export function whenAndWhich({ key, time }: Place): (row: unknown) => {
  time: number | null;
  key: string | number | null;
} {
  const [timeAt, keyAt] = [time && valueReader(time.field), key === null ? null : valueReader(key)];
  return (row) => {
    const which = keyAt?.(row);
    return {
      time: time && timeAt ? instantOf(timeAt(row), time.epoch) : null,
      key: typeof which === 'number' || (typeof which === 'string' && which.length <= 200) ? which : null,
    };
  };
}
