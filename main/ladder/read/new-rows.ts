import type { BaselinePlace } from '../../../common/baseline/index.ts';
import { whenAndWhich, type Place } from './places.ts';
import { compareValues } from './walk-pages.ts';

/** Rows that "now" means: enough to see a moderate change, few enough to be of now. */
const mostNow = 500;

/**
 * The newest rows that came after the baseline was taken, oldest first: what it was made from says nothing new. Where
 * neither time nor key tells, or numbers begin anew, the newest of all.
 */
export function newRows(rows: readonly unknown[], place: Place, before: BaselinePlace | null): unknown[] {
  const of = whenAndWhich(place);
  const newest = before?.newest;
  const last = of(rows.at(-1));
  const isNew = (row: unknown): boolean => {
    const { time, key } = of(row);
    if (newest && newest.time !== null && time !== null) return time > newest.time;
    const isAnew = newest?.key == null || last.key === null || compareValues(last.key, newest.key) < 0;
    return isAnew || (key !== null && compareValues(key, newest.key) > 0);
  };
  return rows.filter(isNew).slice(-mostNow);
}
