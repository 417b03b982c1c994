import { roseByChance } from '../signal/statistics/hypergeometric.ts';
import { quantileOf } from '../signal/statistics/samples.ts';
import type { Change, Pair } from './change.ts';
import { chanceLimit, named, ofAll, short } from './change.ts';
import type { NumberFacts } from './facts.ts';
import { unitChange } from './units.ts';

/** Unit, range and precision of a path that has numbers on both sides. */
export function numberChanges({ path, before, after, floor }: Pair): Change[] {
  const [x, y] = [before.numbers, after.numbers];
  if (!x || !y || x.count < floor || y.count < floor) return [];
  const rising = isRising(x) && isRising(y);
  const unit = unitChange(x, y, rising);
  if (unit) {
    const says = `${named(path)} is ${short(unit.ratio)} times what it was (median ${short(middle(x))}, now ${short(middle(y))}): ${unit.says}.`;
    // Another unit has other decimals: that would be the same change told twice.
    return [{ ...both(path, x, y), kind: 'unit', severity: 'fault', p: null, says }];
  }
  return [...(rising ? [] : rangeChange(path, x, y)), ...precisionChange(path, x, y)];
}

/** A counter or a time: it hardly ever falls, and is not where it was by its nature. */
function isRising({ count, falls, min, max }: NumberFacts): boolean {
  return max > min && falls <= 0.1 * (count - 1);
}

const middle = ({ values }: NumberFacts) => quantileOf(Float64Array.from(values).sort(), 0.5);

function both(path: string, x: NumberFacts, y: NumberFacts) {
  const side = (facts: NumberFacts) => ({
    of: facts.count,
    median: middle(facts),
    min: facts.min,
    max: facts.max,
  });
  return { path, sure: true, baseline: side(x), now: side(y) };
}

/** Shares of values that are far out: a note from the first, a fault from the second on. */
const outNote = 0.05;
const outFault = 0.5;
/** Medians that are so many times apart, with no value in common, are another quantity. */
const otherQuantity = 5;

function rangeChange(path: string, x: NumberFacts, y: NumberFacts): Change[] {
  const width = x.max - x.min;
  // A constant has no width to measure by: half of itself.
  const margin = width > 0 ? width : Math.abs(x.max) / 2;
  const out = y.values.filter((value) => value < x.min - margin || value > x.max + margin).length;
  const share = out / y.values.length;
  const apart = y.max < x.min || y.min > x.max;
  const ratio = Math.abs(middle(y) / middle(x));
  const moved = apart && (ratio >= otherQuantity || ratio <= 1 / otherQuantity);
  if (!moved && (share < outNote || out < 3)) return [];
  // What was a constant may be a setting: that it has another value is no fault of its shape.
  const fault = width > 0 && (moved || share >= outFault);
  const says =
    `${named(path)} was ${short(x.min)} … ${short(x.max)} and is ${short(y.min)} … ${short(y.max)}; ` +
    `${ofAll(out, y.values.length)} of those kept are far outside.`;
  return [{ ...both(path, x, y), kind: 'range', severity: fault ? 'fault' : 'note', p: null, says }];
}

/** Decimals that one side has and the other never. Fewer is a fault: something rounds. */
function precisionChange(path: string, x: NumberFacts, y: NumberFacts): Change[] {
  const [had, has] = [mostOf(x), mostOf(y)];
  if (had === has) return [];
  const [fine, coarse] = had > has ? [x, y] : [y, x];
  const above = fine.decimals.slice(Math.min(had, has) + 1).reduce((sum, count) => sum + count, 0);
  const p = roseByChance({ count: 0, of: coarse.count }, { count: above, of: fine.count });
  if (p >= chanceLimit) return [];
  const says = `${named(path)} had up to ${had} decimals and has up to ${has}; ${ofAll(above, fine.count)} had more ${had > has ? 'before' : 'now'}.`;
  const [baseline, now] = [
    { of: x.count, decimals: had },
    { of: y.count, decimals: has },
  ];
  return [
    { path, kind: 'precision', severity: had > has ? 'fault' : 'note', sure: true, baseline, now, p, says },
  ];
}

const mostOf = ({ decimals }: NumberFacts) => decimals.findLastIndex((count) => count > 0);
