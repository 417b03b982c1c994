/** Who reads what of a place, by the profile's word: whom a change breaks. */
import type { Profile, ProfileReading } from '../../../common/profile/index.ts';
import type { Place } from './places.ts';

export interface Consumer {
  /** As `layer scorer` or `claim alive`. */
  name: string;
  /** The field of a row that it reads. */
  field: string;
}

/** Everybody in the profile who reads fields of a place's rows. */
export function consumersOf(profile: Profile, place: Place): Consumer[] {
  return [
    ...own(place),
    ...watching(place),
    ...profile.layers.flatMap(({ name, source, key, count, tells }) => {
      const isHere =
        source.by === 'service'
          ? place.name === `${source.service} ${source.path}`
          : source.by === 'table' && place.name === `table ${source.table}`;
      const fields = [key, count, ...tells.map(({ field }) => field)];
      return isHere ? named(`layer ${name}`, fields) : [];
    }),
    ...profile.claims.flatMap(({ name, says, shows }) => {
      const readings = [says, ...(shows.by === 'several' ? shows.of : [shows])];
      return named(
        `claim ${name}`,
        readings.map((reading) => fieldRead(reading, place)),
      );
    }),
  ];
}

const named = (name: string, fields: readonly (string | undefined | null)[]): Consumer[] =>
  fields.flatMap((field) => (field ? [{ name, field }] : []));

function own({ key, time, path, fields, invariants }: Place): Consumer[] {
  const since = path?.since?.field;
  return [
    ...named('the profile', [key, time?.field, since, ...fields.map(({ field }) => field)]),
    ...invariants.flatMap((text) => named('an invariant', fieldsIn(text))),
  ];
}

/** The channels that the room makes of a service's answers. */
function watching({ service, path }: Place): Consumer[] {
  if (!service || service.answers?.path !== path?.path) return [];
  return service.columns.flatMap(({ column, field }) => named(`channel ${service.name}/${column}`, [field]));
}

function fieldRead(reading: ProfileReading, place: Place): string | undefined {
  if (reading.by === 'table') return place.name === `table ${reading.table}` ? reading.column : undefined;
  if (reading.by !== 'http' || place.name !== `${reading.service} ${reading.path}`) return undefined;
  const { field } = reading;
  const rows = place.path?.rows;
  // A claim reads the whole answer; what lies outside of the rows is not theirs.
  return rows === undefined ? field : rowField(field, rows);
}

function rowField(field: string | undefined, rows: string): string | undefined {
  if (!field?.startsWith(`${rows}[`)) return undefined;
  const below = /^\[(?:\*|\d+)\]\.?(.+)$/.exec(field.slice(rows.length));
  return below?.[1];
}

/** Names in an invariant that can be fields: what is in quotes and what is a word of its language are none. */
function fieldsIn(invariant: string): string[] {
  const bare = invariant.replace(/"[^"]*"|'[^']*'/g, ' ');
  const names = bare.match(/[A-Za-z_][\w.]*(?:\[(?:\d+|\*)\][\w.]*)*/g) ?? [];
  return names.filter((name) => !/^(and|or|not|in|true|false|null|count|abs|has)$/.test(name));
}

/** Consumers that a change at a shape's path strikes: they read it, what it is in, or what is in it. */
export function struckBy(consumers: readonly Consumer[], changed: string): string[] {
  const at = plain(changed);
  const names = consumers.filter(({ field }) => isWithin(plain(field), at) || isWithin(at, plain(field)));
  return [...new Set(names.map(({ name }) => name))];
}

/** Places of a list, and any of them, are one: who reads `box[2]` reads `box[*]`. */
const plain = (path: string) => path.replace(/\[(\d+|\*)\]/g, '[]').replace(/\.(\d+)(?=\.|$)/g, '[]');

const isWithin = (path: string, start: string) =>
  start === '' ||
  path === '$' ||
  (path.startsWith(start) && (path.length === start.length || /[.[{]/.test(path[start.length]!)));
