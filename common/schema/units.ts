import { quantileOf } from '../signal/statistics/samples.ts';
import type { NumberFacts } from './facts.ts';

/** Factors between units in use, larger than 1; each is looked for in both directions. */
const factors: [number, string][] = [
  [1000, 'a factor of 1000 (milli, kilo)'],
  [1e6, 'a factor of 1 000 000 (micro, mega)'],
  [1e9, 'a factor of 1e9 (nano, giga)'],
  [60, 'minutes and seconds'],
  [3600, 'hours and seconds'],
  [100, 'per cent and shares, or centimetres and metres'],
  [1024, 'a factor of 1024 (kibi)'],
  [2.204_622_6, 'kilograms and pounds'],
  [28.349_523, 'grams and ounces'],
  [453.592_37, 'grams and pounds'],
  [25.4, 'millimetres and inches'],
  [2.54, 'centimetres and inches'],
  [3.280_84, 'metres and feet'],
  [9.806_65, 'newtons and kilograms-force'],
  [3.6, 'km/h and m/s'],
  [1.609_344, 'kilometres and miles'],
  [6.894_757, 'kilopascals and psi'],
  [57.295_78, 'degrees and radians'],
];
/** y = slope · x + offset. */
const offsets: [number, number, string][] = [
  [1.8, 32, 'degrees Celsius to Fahrenheit'],
  [1 / 1.8, -32 / 1.8, 'degrees Fahrenheit to Celsius'],
  [1, 273.15, 'degrees Celsius to kelvin'],
  [1, -273.15, 'kelvin to degrees Celsius'],
];

export interface UnitChange {
  /** Now by before. */
  factor: number;
  /** Of the medians, as measured. */
  ratio: number;
  says: string;
}

const quartiles = [0.25, 0.5, 0.75];
const ends = [0, 1];
/** Of the logarithm: what is made within limits has its least and greatest again. */
const nearEnd = 0.04;
/** Up to twice: the quartiles of so few values spread by a third. */
const nearSpread = Math.LN2;
/** Products and loads change by less too: then the ends have to fit as well, and the ranges not to meet. */
const farFactor = 10;

/**
 * The known factor that takes one set of numbers to the other: place and spread alike, so that a heavier product is none.
 * `rising` numbers (times, counters) have no spread that means something, and may only change by thousands.
 */
export function unitChange(before: NumberFacts, now: NumberFacts, rising: boolean): UnitChange | null {
  const [x, y] = [withEnds(before), withEnds(now)];
  const ratio = quantileOf(y, 0.5) / quantileOf(x, 0.5);
  if (!Number.isFinite(ratio) || ratio === 0) return null;
  return byFactor(x, y, ratio, rising) ?? (rising ? null : byOffset(x, y, ratio));
}

function byFactor(x: Float64Array, y: Float64Array, ratio: number, rising: boolean): UnitChange | null {
  if (ratio < 0) return null;
  let best: UnitChange | null = null;
  let nearest = Infinity;
  for (const [size, title] of factors)
    for (const factor of [size, 1 / size]) {
      const far = Math.abs(Math.log(ratio / factor));
      if (far >= nearest || !fits(x, y, factor, rising)) continue;
      nearest = far;
      best = { factor, ratio, says: title };
    }
  return best;
}

function fits(x: Float64Array, y: Float64Array, factor: number, rising: boolean): boolean {
  const size = Math.max(factor, 1 / factor);
  if (rising)
    return [1000, 1e6, 1e9].includes(Math.round(size)) && narrow(x) && narrow(y) && near(x, y, factor, 0.05);
  if (size < farFactor && (meet(x, y) || !near(x, y, factor, nearEnd, ends))) return false;
  if (!spreadsAlike(x, y, factor)) return false;
  const most = size < farFactor ? 0.12 : 0.4;
  return near(x, y, factor, Math.min(most, 0.08 + 2.5 * medianError(x, y)));
}

/**
 * What is in another unit spreads by the factor too; what only moved does not. By the quartiles or by the ends, whichever
 * fits: of two products the quartiles jump with the mix, and one outlier moves an end. A constant has no spread to say.
 */
function spreadsAlike(x: Float64Array, y: Float64Array, factor: number): boolean {
  const width = (values: Float64Array) => values.at(-1)! - values[0]!;
  if (width(x) === 0) return width(y) === 0;
  const close = (a: number, b: number) => a > 0 && b > 0 && Math.abs(Math.log(b / a / factor)) <= nearSpread;
  return close(spread(x), spread(y)) || close(width(x), width(y));
}

/** Each quantile is the factor away. One of 0 has no ratio: both are to be 0 then. */
function near(
  x: Float64Array,
  y: Float64Array,
  factor: number,
  tolerance: number,
  shares = quartiles,
): boolean {
  return shares.every((share) => {
    const [a, b] = [quantileOf(x, share), quantileOf(y, share)];
    return a === 0 || b === 0 ? a === b : Math.abs(Math.log(b / a / factor)) <= tolerance;
  });
}

function byOffset(x: Float64Array, y: Float64Array, ratio: number): UnitChange | null {
  if (meet(x, y)) return null;
  for (const [slope, offset, says] of offsets) {
    // Three standard errors of a quartile of as many values as are kept, and what rounding moves.
    const scale = 0.5 * Math.max(spread(x) * slope, spread(y)) + 0.5;
    const fit = [...quartiles, ...ends].every((share) => {
      const off = quantileOf(y, share) - (slope * quantileOf(x, share) + offset);
      return Math.abs(off) <= scale;
    });
    if (fit) return { factor: slope, ratio, says };
  }
  return null;
}

/** The kept values and the least and greatest of all, sorted. */
const withEnds = ({ min, max, values }: NumberFacts) => Float64Array.from([min, ...values, max]).sort();
const spread = (x: Float64Array) => quantileOf(x, 0.75) - quantileOf(x, 0.25);
const narrow = (x: Float64Array) => spread(x) <= 0.05 * Math.abs(quantileOf(x, 0.5));
const meet = (x: Float64Array, y: Float64Array) => x[0]! <= y.at(-1)! && y[0]! <= x.at(-1)!;

/** Of the logarithm of the ratio of medians: 1.25 σ / √n each, σ by the quartiles. */
function medianError(x: Float64Array, y: Float64Array): number {
  const one = (values: Float64Array) => {
    const middle = Math.abs(quantileOf(values, 0.5));
    return middle > 0 ? ((1.25 / 1.349) * spread(values)) / middle / Math.sqrt(values.length) : 0;
  };
  return Math.hypot(one(x), one(y));
}
