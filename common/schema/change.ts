import type { PathShape } from './facts.ts';

export const changeKinds = [
  'removed', // a member is no longer there
  'presence', // a member is no longer always there
  'added', // a member is new
  'type', // a value of another type
  'nullable', // null where none was, or more of it
  'enum-grown', // one of a few texts, and now another
  'enum-shrunk', // one of a few texts is no longer seen
  'unit', // numbers that are a known factor away
  'range', // numbers that are elsewhere
  'precision', // fewer or more decimals
  'timezone-lost', // times that no longer say their zone
  'format', // texts of another form
  'order', // places of a list that changed their meaning
  'length', // a list of always so many that has another number
  'emptied', // lists that are empty
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** One difference between what payloads looked like and what they look like now. */
export interface Change {
  path: string;
  kind: ChangeKind;
  /** A note is what a healthy system may do too: an optional field more, another mix of products. */
  severity: 'fault' | 'note';
  /** False: seen, and so seldom that the baseline may have missed it by chance. */
  sure: boolean;
  /** The numbers on both sides, `of` how many. */
  baseline: Side;
  now: Side;
  /** How likely it is by chance; null where no chance was reckoned. */
  p: number | null;
  /** A sentence with the numbers. */
  says: string;
}

export interface Side {
  of: number;
  [name: string]: number | string | null;
}

/** What can't be told yet, and how many samples it has. */
export interface Unknown {
  path: string;
  baseline: number;
  now: number;
  floor: number;
  says: string;
}

/** A path on both sides, as each kind of change looks at it. */
export interface Pair {
  path: string;
  before: PathShape;
  after: PathShape;
  floor: number;
}

/** Below this a change is no chance: of a hundred paths on twenty sets, two would seem to change at a hundredth. */
export const chanceLimit = 0.001;

/** A share as a person reads it, `3 of 200 (1.5 %)`. */
export function ofAll(count: number, of: number): string {
  return of > 0
    ? `${count} of ${of} (${Number(((100 * count) / of).toPrecision(2))} %)`
    : `${count} of ${of}`;
}

export const short = (value: number) => String(Number(value.toPrecision(3)));
/** How a path is called in a sentence. */
export const named = (path: string) => (path === '' ? 'The payload' : `\`${path}\``);
