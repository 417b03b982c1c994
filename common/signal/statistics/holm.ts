import { WarroomError } from '../../lib/errors.ts';

/**
 * p-values adjusted for being many (Holm, 1979): one of the family is by mistake at or below α with a chance of at most α,
 * whatever depends on what. In the order given. Throws `bad-input` for what is no p.
 */
export function holm(values: readonly number[]): number[] {
  for (const p of values)
    if (!(p >= 0 && p <= 1)) throw new WarroomError('bad-input', `${p} is no probability.`);
  const order = values.map((_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const adjusted = new Array<number>(values.length);
  let highest = 0;
  order.forEach((at, rank) => {
    highest = Math.min(1, Math.max(highest, values[at]! * (values.length - rank)));
    adjusted[at] = highest;
  });
  return adjusted;
}
