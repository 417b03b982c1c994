import type { Mark } from '../../store/document.ts';
import { xOf, type Axis } from './time-axis.ts';

/** The marks on the axis by their time; those nearer to the one before than `room` columns are in its group. */
export function groupMarks(marks: Mark[], axis: Axis, room: number): Mark[][] {
  const groups: Mark[][] = [];
  let edge = -Infinity;
  for (const mark of marks) {
    const x = xOf(axis, mark.at);
    if (x < 0 || x >= axis.width) continue;
    if (x - edge < room) groups.at(-1)!.push(mark);
    else groups.push([mark]);
    edge = x - edge < room ? edge : x;
  }
  return groups;
}
