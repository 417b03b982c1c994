import type { Mark } from './document.ts';

/** Facts of the recorder about itself: not marked among what people and systems did. */
const unmarked = /^(capture|clock|seat|host|session\.exported|command\.ended)/;

/** Whether an entry is marked on the scopes' time axis. */
export function isMarked(mark: Pick<Mark, 'type'>): boolean {
  return !unmarked.test(mark.type);
}
