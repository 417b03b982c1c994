import { announcedAt } from './announced.ts';
import type { Change, Pair, Unknown } from './change.ts';
import { named } from './change.ts';
import type { PathShape, Shape } from './facts.ts';
import { listChanges, orderChange } from './list-changes.ts';
import { presenceChange, typeChanges } from './member-changes.ts';
import { numberChanges } from './number-changes.ts';
import { textChanges } from './text-changes.ts';

export interface DiffOptions {
  /** Samples that a path needs on each side; 20 unless told. */
  floor?: number;
  /** A JSON Schema of the payload: what it announces is no fault. */
  schema?: unknown;
  /** What the schema's `$ref`s point into; the schema itself unless told. */
  document?: unknown;
}

export interface ShapeDiff {
  changes: Change[];
  /** Paths with too few samples to say anything of. */
  unknown: Unknown[];
  /** Paths that were compared. */
  compared: number;
}

/** Twenty that all have a member leave one in a thousand for a member that half of them lack. */
export const usualShapeFloor = 20;

/** What changed from one shape of payloads to another. Nothing is said below the floor, or that chance explains. */
export function diffShapes(baseline: Shape, now: Shape, options: DiffOptions = {}): ShapeDiff {
  const { floor = usualShapeFloor, schema } = options;
  const [before, after] = [byPath(baseline), byPath(now)];
  const result: ShapeDiff = { changes: [], unknown: [], compared: 0 };
  /** Paths of which something is said that explains what is below them. */
  const closed = new Set<string>();
  const explained = new Set<string>();
  const tooFew = (path: string, x: number, y: number) => {
    closed.add(path);
    const says = `${named(path)}: ${x} of ${floor} samples before, ${y} of ${floor} now.`;
    result.unknown.push({ path, baseline: x, now: y, floor, says });
  };

  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [x, y] = [before.get(path), after.get(path)];
    const some = (x ?? y)!;
    if (some.parent !== null && closed.has(some.parent)) {
      closed.add(path);
      continue;
    }
    if (isPlace(some) && !bothHavePlaces(some.parent!, before, after)) continue;
    if (isItem(some) && bothHavePlaces(some.parent!, before, after)) continue;
    const announced =
      schema === undefined ? null : announcedAt(schema, options.document ?? schema, some, x ? before : after);
    if (isMember(some)) {
      const [px, py] = [before.get(some.parent!), after.get(some.parent!)];
      // A map on one side only has no names to compare.
      if (isMap(some.parent!, before) !== isMap(some.parent!, after)) {
        closed.add(path);
        continue;
      }
      const sides = {
        path,
        baseline: { seen: x?.seen ?? 0, of: px?.types.object ?? 0 },
        now: { seen: y?.seen ?? 0, of: py?.types.object ?? 0 },
      };
      if (sides.baseline.of < floor || sides.now.of < floor) {
        tooFew(path, sides.baseline.of, sides.now.of);
        continue;
      }
      result.changes.push(...presenceChange(sides, announced));
    }
    if (!x || !y) {
      closed.add(path);
      continue;
    }
    if (x.seen < floor || y.seen < floor) {
      tooFew(path, x.seen, y.seen);
      continue;
    }
    result.compared++;
    const pair = { path, before: x, after: y, floor };
    const types = typeChanges(pair, announced);
    result.changes.push(...types, ...listChanges(pair, placesOf(path, before).length > 0));
    if (isClosed(x, y)) closed.add(path);
    const order = orderChange(path, pairsOf(path, before, after, floor));
    if (order) result.changes.push(order.change);
    order?.explains.forEach((place) => explained.add(place));
    if (!explained.has(path)) result.changes.push(...numberChanges(pair), ...textChanges(pair, announced));
  }
  return {
    ...result,
    changes: result.changes.filter(({ path, kind }) => kind === 'order' || !explained.has(path)),
  };
}

type Paths = ReadonlyMap<string, PathShape>;

const byPath = (shape: Shape): Paths => new Map(shape.paths.map((each) => [each.path, each]));
const isItem = ({ path }: PathShape) => path.endsWith('[*]');
const isPlace = ({ key }: PathShape) => typeof key === 'number';
const isMap = (path: string, paths: Paths) => paths.has(`${path}{*}`);

/** Whether it is a member known by its name, of which it can be said in how many objects it is. */
function isMember({ path, parent, key }: PathShape): boolean {
  return parent !== null && typeof key === 'string' && !/(\[\*\]|\{\*\})$/.test(path);
}

/** Whether it held something and no longer does: what was in it is explained by that. */
function isClosed({ types: x }: PathShape, { types: y }: PathShape): boolean {
  return Boolean(x.object ?? x.array) && !(y.object ?? y.array);
}

function placesOf(parent: string, paths: Paths): PathShape[] {
  const places: PathShape[] = [];
  for (let place = paths.get(`${parent}[0]`); place; place = paths.get(`${parent}[${places.length}]`))
    places.push(place);
  return places;
}

/** Lists of one and the same fixed length: their places can be compared one by one. */
function bothHavePlaces(parent: string, before: Paths, after: Paths): boolean {
  const [x, y] = [placesOf(parent, before), placesOf(parent, after)];
  return x.length > 0 && x.length === y.length;
}

function pairsOf(parent: string, before: Paths, after: Paths, floor: number): Pair[] {
  if (!bothHavePlaces(parent, before, after)) return [];
  const then = placesOf(parent, after);
  return placesOf(parent, before).map((place, i) => ({
    path: place.path,
    before: place,
    after: then[i]!,
    floor,
  }));
}
