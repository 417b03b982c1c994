import { roseByChance } from '../signal/statistics/hypergeometric.ts';
import type { Announced } from './announced.ts';
import type { Change, Pair } from './change.ts';
import { chanceLimit, named, ofAll } from './change.ts';
import type { JsonType, PathShape } from './facts.ts';

/** In how many of its objects a member was. */
export interface Presence {
  path: string;
  baseline: { seen: number; of: number };
  now: { seen: number; of: number };
}

/** A member that is gone, or new, or not always there any more. */
export function presenceChange(presence: Presence, announced: Announced | null): Change[] {
  const { path, baseline: x, now: y } = presence;
  const sides = { baseline: { of: x.of, seen: x.seen }, now: { of: y.of, seen: y.seen } };
  if (x.seen === 0) {
    const p = roseByChance({ count: 0, of: x.of }, { count: y.seen, of: y.of });
    const says = `${named(path)} is new: in ${ofAll(y.seen, y.of)}, never before in ${x.of}.`;
    return [{ path, kind: 'added', severity: 'note', sure: p < chanceLimit, ...sides, p, says }];
  }
  const p = roseByChance({ count: x.of - x.seen, of: x.of }, { count: y.of - y.seen, of: y.of });
  if (p >= chanceLimit) return [];
  const was = `was in ${ofAll(x.seen, x.of)}`;
  const says =
    y.seen === 0
      ? `${named(path)} is gone: it ${was} and is in none of ${y.of}.`
      : `${named(path)} is often missing: it ${was} and is in ${ofAll(y.seen, y.of)}.`;
  const kind = y.seen === 0 ? 'removed' : 'presence';
  return [{ path, kind, severity: announced?.optional ? 'note' : 'fault', sure: true, ...sides, p, says }];
}

/** Nulls that are new or more, and types that were never there. */
export function typeChanges({ path, before, after, floor }: Pair, announced: Announced | null): Change[] {
  if (before.seen < floor || after.seen < floor) return [];
  return (Object.keys(after.types) as JsonType[]).flatMap((type): Change[] => {
    const [had, has] = [before.types[type] ?? 0, after.types[type]!];
    if (type !== 'null' && had > 0) return [];
    const p = roseByChance({ count: had, of: before.seen }, { count: has, of: after.seen });
    const sure = p < chanceLimit;
    // More nulls than none or few may be chance; a type that never was is worth a word the first time.
    if (!sure && had > 0) return [];
    const kind = type === 'null' ? 'nullable' : 'type';
    const usual = mainTypes(before);
    const says =
      kind === 'nullable'
        ? `${named(path)} is null in ${ofAll(has, after.seen)}, before in ${ofAll(had, before.seen)}.`
        : `${named(path)} is of type ${type}${asNumber(after, type)} in ${ofAll(has, after.seen)}, before it was ${usual} in all of ${before.seen}.`;
    const severity = sure && !announced?.types.has(type) ? 'fault' : 'note';
    const baseline = { of: before.seen, types: usual, count: had };
    return [{ path, kind, severity, sure, baseline, now: { of: after.seen, type, count: has }, p, says }];
  });
}

const mainTypes = ({ types }: PathShape) => Object.keys(types).join(' or ');

/** A number in quotes is the commonest of all such changes. */
function asNumber({ strings }: PathShape, type: JsonType): string {
  return type === 'string' && strings && strings.formats.numeric === strings.count
    ? ' (numbers in quotes)'
    : '';
}
