import { roseByChance } from '../signal/statistics/hypergeometric.ts';
import { largestGap, poolOf } from '../signal/statistics/kolmogorov.ts';
import type { Change, Pair, Side } from './change.ts';
import { chanceLimit, named, ofAll } from './change.ts';
import type { JsonType, PathShape } from './facts.ts';

/** Lists that are empty, or of another fixed length. */
export function listChanges({ path, before, after, floor }: Pair, isRow: boolean): Change[] {
  const [x, y] = [before.lists, after.lists];
  if (!x || !y || x.count < floor || y.count < floor) return [];
  const p = roseByChance({ count: x.empty, of: x.count }, { count: y.empty, of: y.count });
  if (p < chanceLimit) {
    const says = `${named(path)} is empty in ${ofAll(y.empty, y.count)}, before in ${ofAll(x.empty, x.count)}.`;
    const [baseline, now] = [x, y].map(({ count, empty }) => ({ of: count, empty })) as Side[] as [
      Side,
      Side,
    ];
    return [{ path, kind: 'emptied', severity: 'fault', sure: true, baseline, now, p, says }];
  }
  const sameLength = y.shortest === x.shortest && y.longest === x.longest;
  if (!isRow || x.shortest !== x.longest || sameLength) return [];
  const says = `${named(path)} had ${x.longest} places in each of ${x.count} and has ${y.shortest} to ${y.longest}.`;
  const [baseline, now] = [x, y].map(({ count, shortest, longest }) => ({
    of: count,
    shortest,
    longest,
  })) as Side[] as [Side, Side];
  return [{ path, kind: 'length', severity: 'fault', sure: true, baseline, now, p: null, says }];
}

/** Pairs of the places of one list, in their order. */
export type Places = readonly Pair[];

/**
 * Places that changed their meaning among each other: what is at place 0 now looks as what was at place 1. Answers the
 * change, and which places it explains.
 */
export function orderChange(path: string, places: Places): { change: Change; explains: Set<string> } | null {
  const moved = places.filter(
    ({ before, after, floor }) => enough(before, after, floor) && differs(after, before),
  );
  if (moved.length < 2) return null;
  const origins = originsOf(moved);
  if (!origins) return null;
  const [first] = moved;
  const pairs = [...origins].map(([to, from]) => `${from} → ${to}`).join(', ');
  const says = `${named(path)} has its places in another order: ${pairs}, of ${places.length}.`;
  const change: Change = {
    path,
    kind: 'order',
    severity: 'fault',
    sure: true,
    baseline: { of: first!.before.seen, places: places.length },
    now: { of: first!.after.seen, moved: pairs },
    p: null,
    says,
  };
  return { change, explains: new Set(moved.map((pair) => pair.path)) };
}

const enough = (a: PathShape, b: PathShape, floor: number) => a.seen >= floor && b.seen >= floor;

/**
 * For each place where it came from, each from another (Kuhn's matching, nearest first): columns that look nearly alike
 * leave a choice, and only one way out of it. Null where some came from nowhere.
 */
function originsOf(moved: Places): Map<number, number> | null {
  const choices = moved.map(({ after }) => candidates(after, moved));
  const takenBy = new Map<number, number>();
  const take = (to: number, asked: Set<number>): boolean =>
    choices[to]!.some((from) => {
      if (asked.has(from)) return false;
      asked.add(from);
      const holder = takenBy.get(from);
      if (holder !== undefined && !take(holder, asked)) return false;
      takenBy.set(from, to);
      return true;
    });
  if (!moved.every((_, to) => take(to, new Set()))) return null;
  const place = (at: number) => Number(moved[at]!.after.key);
  return new Map([...takenBy].map(([from, to]) => [place(to), place(from)]));
}

/** Which of the moved places' baselines this one now looks as, nearest first: much more than as its own. */
function candidates(after: PathShape, moved: Places): number[] {
  const own = moved.find(({ after: other }) => other === after)!;
  const far = distance(after, own.before);
  return moved
    .map(({ before }, at) => ({ at, before, distance: distance(after, before) }))
    .filter(({ before, distance }) => distance * 2 < far && !differs(after, before))
    .sort((a, b) => a.distance - b.distance)
    .map(({ at }) => at);
}

/** Beyond the 99.9th percentile of D (1.95, Smirnov's table) for the values that were kept. */
function differs(after: PathShape, before: PathShape): boolean {
  const [n, m] = [after.numbers?.values.length ?? 0, before.numbers?.values.length ?? 0];
  return distance(after, before) > (n > 0 && m > 0 ? 1.95 * Math.sqrt((n + m) / (n * m)) : 0.5);
}

/** 0 alike, 1 nothing in common: types first, then D of numbers, or the share of texts that are not the other's. */
function distance(a: PathShape, b: PathShape): number {
  const type = mainType(a);
  if (type !== mainType(b)) return 1;
  if (type === 'number') return largestGap(poolOf(a.numbers!.values, b.numbers!.values));
  if (type !== 'string') return 0;
  const [x, y] = [a.strings!, b.strings!];
  const formats = (Object.keys(x.formats) as (keyof typeof x.formats)[]).map((format) =>
    Math.abs(x.formats[format]! / x.count - (y.formats[format] ?? 0) / y.count),
  );
  if (!x.names || !y.names) return Math.max(0, ...formats);
  const common = x.names.reduce((sum, [name, count]) => {
    const other = y.names!.find(([known]) => known === name)?.[1] ?? 0;
    return sum + Math.min(count / x.count, other / y.count);
  }, 0);
  return 1 - common;
}

function mainType({ types }: PathShape): JsonType | null {
  const counts = Object.entries(types) as [JsonType, number][];
  return counts.sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
