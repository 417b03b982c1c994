/** What two layers that follow each other say of the same parts. All times in microseconds. */
import type { LayerPart, LayerRead } from '../../read/layer-parts.ts';

/** Parts that are told wrong, and over which parts that was looked at. */
export interface Compared {
  /** Parts of the layer before that the window has. */
  looked: number;
  /** They are in the layer before and not in this one. */
  missing: LayerPart[];
  /** They are in this layer and were in none before. */
  extra: LayerPart[];
  /** Parts that both have. */
  both: { before: LayerPart; here: LayerPart }[];
  /** They came before or after the time that they may take. */
  odd: { part: LayerPart; took: number }[];
  window: { from: number; to: number } | null;
}

export interface Delay {
  least: number;
  most: number;
}

/** Clocks, rounding, and that a beam is broken for a while. */
const slack = 250_000;
/** Where no times are told: so many of the newest may still be on their way. */
const onTheWay = 3;

/** How long after the layer before, from what both take after the first. */
export function delayBetween(before: LayerRead, here: LayerRead): Delay {
  const [first, then] = [before, here].map(({ layer }) => layer.delay ?? { least: 0, most: 0 });
  const coarse = slack + (before.coarse + here.coarse) * 1e6;
  return {
    least: (then!.least - first!.most) * 1e6 - coarse,
    most: (then!.most - first!.least) * 1e6 + coarse,
  };
}

/** Null: one has no keys and the other no times, so nothing can be compared. */
export function compareLayers(before: LayerRead, here: LayerRead): Compared | null {
  const isTimed = before.from !== null && here.from !== null;
  const isKeyed = [...before.parts, ...here.parts].every(({ key }) => key !== null);
  if (isKeyed) return isTimed ? byKey(before, here, withinTime(before, here)) : byOrder(before, here);
  return isTimed ? byTime(before, here) : null;
}

interface Window {
  /** A part of the layer before has to be here. */
  isDue(part: LayerPart): boolean;
  /** A part of this layer has to have been in the layer before. */
  wasDue(part: LayerPart): boolean;
  window: Compared['window'];
}

function withinTime(before: LayerRead, here: LayerRead): Window {
  const { least, most } = delayBetween(before, here);
  const from = Math.max(before.from!, here.from! - least);
  const to = here.asOf - most;
  return {
    isDue: ({ at }) => at! >= from && at! <= to,
    wasDue: ({ at }) => at! >= before.from! + most && at! <= before.asOf + least,
    window: { from, to },
  };
}

function byKey(before: LayerRead, here: LayerRead, { isDue, wasDue, window }: Window): Compared {
  const [earlier, later] = [firstOfEach(before.parts), firstOfEach(here.parts)];
  const due = [...earlier.values()].filter(isDue);
  const both = due.flatMap((part) => {
    const other = later.get(part.key!);
    return other ? [{ before: part, here: other }] : [];
  });
  const delay = delayBetween(before, here);
  const odd = both.flatMap(({ before: { at }, here: part }) => {
    if (at === null || part.at === null) return [];
    const took = part.at - at;
    return took < delay.least || took > delay.most ? [{ part, took }] : [];
  });
  return {
    looked: due.length,
    missing: due.filter(({ key }) => !later.has(key!)),
    extra: [...later.values()].filter((part) => !earlier.has(part.key!) && wasDue(part)),
    both,
    odd,
    window,
  };
}

/** Between the first and the last part that both have, without those that may still be on their way. */
function byOrder(before: LayerRead, here: LayerRead): Compared {
  const span = ({ parts }: LayerRead, other: LayerRead) => {
    const known = new Set(other.parts.map(({ key }) => key));
    const places = new Map(parts.map(({ key }, place) => [key, place]));
    const shared = parts.flatMap(({ key }, place) => (known.has(key) ? [place] : []));
    const [first, last] = [shared[0] ?? Infinity, (shared.at(-1) ?? -Infinity) - onTheWay];
    return ({ key }: LayerPart) => places.get(key)! >= first && places.get(key)! <= last;
  };
  return byKey(before, here, { isDue: span(before, here), wasDue: span(here, before), window: null });
}

/** First come, first served: each part of the layer before takes the first one here that its delay allows. */
function byTime(before: LayerRead, here: LayerRead): Compared {
  const { isDue, wasDue, window } = withinTime(before, here);
  const { least, most } = delayBetween(before, here);
  const inTime = (parts: readonly LayerPart[]) => [...parts].sort((a, b) => a.at! - b.at!);
  const [earlier, later] = [inTime(before.parts), inTime(here.parts)];
  const compared: Compared = { looked: 0, missing: [], extra: [], both: [], odd: [], window };
  let next = 0;
  for (const part of earlier) {
    while (next < later.length && later[next]!.at! < part.at! + least) compared.extra.push(later[next++]!);
    const isHere = next < later.length && later[next]!.at! <= part.at! + most;
    if (isHere) next++;
    if (!isDue(part)) continue;
    compared.looked++;
    if (!isHere) compared.missing.push(part);
  }
  compared.extra.push(...later.slice(next));
  compared.extra = compared.extra.filter(wasDue);
  return compared;
}

function firstOfEach(parts: readonly LayerPart[]): Map<string, LayerPart> {
  const first = new Map<string, LayerPart>();
  for (const part of parts) if (!first.has(part.key!)) first.set(part.key!, part);
  return first;
}

/** Parts that a layer has more than once. */
export function doubled(parts: readonly LayerPart[]): LayerPart[] {
  const seen = new Set<string>();
  const told = new Set<string>();
  return parts.filter(({ key }) => {
    if (key === null) return false;
    const isDouble = seen.has(key) && !told.has(key);
    if (seen.has(key)) told.add(key);
    seen.add(key);
    return isDouble;
  });
}

/** The most of these parts that any window of so many seconds has; all of them where their times are not told. */
export function mostWithin(parts: readonly LayerPart[], seconds: number): number {
  const times = parts.flatMap(({ at }) => (at === null ? [] : [at])).sort((a, b) => a - b);
  if (times.length < parts.length) return parts.length;
  let most = 0;
  let from = 0;
  times.forEach((at, index) => {
    while (times[from]! < at - seconds * 1e6) from++;
    most = Math.max(most, index - from + 1);
  });
  return most;
}
