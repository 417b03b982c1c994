import type { ProfileLayer } from '../../../../common/profile/index.ts';
import { valueReader } from '../../read/rows.ts';
import type { LayerPart } from '../../read/layer-parts.ts';

export type Told = ProfileLayer['tells'][number];

/** What two layers tell of one thing of each part that both have. */
export interface ToldCompared {
  what: string;
  compared: number;
  /** Parts of which they tell another thing. */
  apart: { key: string; before: unknown; here: unknown }[];
  /** Parts of which one of them does not tell it, or as something that can't be compared. */
  untold: number;
  /** All numbers are apart by this factor: another unit, not other parts. */
  factor: number | null;
}

/** So many have to be apart by one factor, and so near to it. */
const leastForFactor = 5;
const nearFactor = 0.01;

export function compareTold(
  both: readonly { before: LayerPart; here: LayerPart }[],
  before: Told,
  here: Told,
): ToldCompared {
  const [readBefore, readHere] = [valueReader(before.field), valueReader(here.field)];
  const tolerance = Math.max(before.tolerance, here.tolerance);
  const compared: ToldCompared = { what: here.what, compared: 0, apart: [], untold: 0, factor: null };
  const factors: number[] = [];
  for (const pair of both) {
    const [one, other] = [readBefore(pair.before.row), readHere(pair.here.row)];
    if (one === undefined || other === undefined || typeof one !== typeof other) {
      compared.untold++;
      continue;
    }
    compared.compared++;
    if (agree(one, other, tolerance)) continue;
    compared.apart.push({ key: pair.here.key ?? '', before: one, here: other });
    if (typeof one === 'number' && typeof other === 'number' && one !== 0) factors.push(other / one);
  }
  if (factors.length === compared.compared) compared.factor = commonFactor(factors);
  return compared;
}

function agree(one: unknown, other: unknown, tolerance: number): boolean {
  if (typeof one === 'number' && typeof other === 'number')
    // What two decimals differ by in binary is no difference.
    return Math.abs(one - other) <= tolerance + 1e-9 * Math.max(Math.abs(one), Math.abs(other));
  return JSON.stringify(one) === JSON.stringify(other);
}

function commonFactor(factors: number[]): number | null {
  if (factors.length < leastForFactor) return null;
  const [least, most] = [Math.min(...factors), Math.max(...factors)];
  const middle = (least + most) / 2;
  return Math.abs(most - least) <= Math.abs(middle) * nearFactor ? middle : null;
}
