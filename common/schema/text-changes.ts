import { roseByChance } from '../signal/statistics/hypergeometric.ts';
import type { Announced } from './announced.ts';
import type { Change, Pair } from './change.ts';
import { chanceLimit, named, ofAll } from './change.ts';
import type { StringFacts, TextFormat } from './facts.ts';

/** Formats and the few texts of a path that has strings on both sides. */
export function textChanges({ path, before, after, floor }: Pair, announced: Announced | null): Change[] {
  const [x, y] = [before.strings, after.strings];
  if (!x || !y || x.count < floor || y.count < floor) return [];
  const format = formatChange(path, x, y);
  // Texts of another form are other texts too.
  return format.length > 0 ? format : [...grown(path, x, y, announced), ...shrunk(path, x, y)];
}

/** A field has a format where nearly every text does. */
const nearlyAll = 0.95;

const counts = (facts: StringFacts) =>
  (Object.entries(facts.formats) as [TextFormat, number][]).sort((a, b) => b[1] - a[1]);

function formatChange(path: string, x: StringFacts, y: StringFacts): Change[] {
  const [format, times] = counts(x)[0]!;
  if (format === 'text' || times < nearlyAll * x.count) return [];
  const kept = y.formats[format] ?? 0;
  const p = roseByChance({ count: x.count - times, of: x.count }, { count: y.count - kept, of: y.count });
  if (p >= chanceLimit) return [];
  const [other, others] = counts(y).find(([name]) => name !== format)!;
  const lost = format === 'date-time' && (other === 'date-time-local' || other === 'date');
  const says = lost
    ? `${named(path)} no longer says its time zone: ${ofAll(others, y.count)} are without one, before ${ofAll(x.count - times, x.count)}.`
    : `${named(path)} was ${format} and is ${other} in ${ofAll(others, y.count)}.`;
  return [
    {
      path,
      kind: lost ? 'timezone-lost' : 'format',
      severity: format === 'date-time-local' && other === 'date-time' ? 'note' : 'fault',
      sure: true,
      baseline: { of: x.count, format, count: times },
      now: { of: y.count, format: other, count: others },
      p,
      says,
    },
  ];
}

/** Whether texts are of a few, and not ids of which a few were seen: on average each was there four times. */
function isFew(facts: StringFacts): facts is StringFacts & { names: [string, number][] } {
  return facts.names !== null && facts.names.length * 4 <= facts.count;
}

function grown(path: string, x: StringFacts, y: StringFacts, announced: Announced | null): Change[] {
  if (!isFew(x)) return [];
  const known = new Set(x.names.map(([name]) => name));
  const base = { path, kind: 'enum-grown' as const };
  const baseline = { of: x.count, distinct: x.names.length, known: [...known].join(', ').slice(0, 200) };
  if (!y.names) {
    if (announced?.freeText) return [];
    const says = `${named(path)} was one of ${known.size} texts and is one of more than can be kept.`;
    return [{ ...base, severity: 'fault', sure: true, baseline, now: { of: y.count }, p: null, says }];
  }
  return y.names
    .filter(([name]) => !known.has(name) && !announced?.texts.has(name))
    .map(([name, count]) => {
      const p = roseByChance({ count: 0, of: x.count }, { count, of: y.count });
      const sure = p < chanceLimit;
      const says = `${named(path)} is "${name}" in ${ofAll(count, y.count)}, never before in ${x.count}.`;
      const now = { of: y.count, value: name, count };
      return {
        ...base,
        severity: sure ? ('fault' as const) : ('note' as const),
        sure,
        baseline,
        now,
        p,
        says,
      };
    });
}

/** A note: another mix of products has other labels. */
function shrunk(path: string, x: StringFacts, y: StringFacts): Change[] {
  if (!isFew(x) || !y.names) return [];
  const there = new Set(y.names.map(([name]) => name));
  return x.names.flatMap(([name, count]): Change[] => {
    if (there.has(name)) return [];
    const p = roseByChance({ count: x.count - count, of: x.count }, { count: y.count, of: y.count });
    if (p >= chanceLimit) return [];
    const says = `${named(path)} was "${name}" in ${ofAll(count, x.count)} and never is in ${y.count}.`;
    const baseline = { of: x.count, value: name, count };
    return [
      {
        path,
        kind: 'enum-shrunk',
        severity: 'note',
        sure: true,
        baseline,
        now: { of: y.count, count: 0 },
        p,
        says,
      },
    ];
  });
}
