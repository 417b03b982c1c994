/** What can be wrong behind the sensors: models, services, the rows that they write. */
import type { Rung } from '../../../common/ledger/types.ts';
import type { Answer, Asked } from '../http-service.ts';
import type { Part } from '../signal/line.ts';

export const serviceNames = ['cv', 'llm', 'dashboard', 'table'] as const;
export type ServiceName = (typeof serviceNames)[number];

export type Row = Record<string, unknown>;

/** What the scorer says of a part, as it stands in its answers and in the table. */
export interface Score extends Row {
  part: number;
  at: string;
  grams: number | null;
  label: string;
  score: number;
  latency_ms: number;
  tokens: number;
}

/** What a fault knows of the part that it strikes. */
export interface Strike {
  /** Uniform in (0, 1): the same for a part whenever it is asked. `which`: one of several of the same part. */
  chance(which?: number): number;
  /** Seconds since the fault began. */
  since: number;
}

/**
 * A fault, by the places at which it strikes; on the wire it shows there and nowhere else. What models and writers do, they do
 * to the parts that pass while it lasts; what an interface does, it does to every answer while it lasts.
 */
export interface SystemFault {
  name: string;
  title: string;
  /** Of the ladder: where it is to be found. */
  rung: Rung;
  /** What it can be aimed at, the usual one first. */
  targets: readonly ServiceName[];
  /** How vision sees a part; null: not at all. */
  see?(part: Part, strike: Strike): Part | null;
  /** What the scorer makes of a part; null: nothing. `before`: what it made of the one before. */
  score?(score: Score, strike: Strike, before: Score | null): Score | null;
  /** The rows that are written of a score. */
  store?(score: Score, strike: Strike): Score[];
  /** A row as the target's interface gives it. */
  row?(row: Row, strike: Strike): Row;
  /** An answer of the target. `before`: what it would have answered when the fault began. */
  answer?(answer: Answer, asked: Asked, before: () => Answer): Answer;
  /** What the target says that its model is made of. */
  made?(parts: Record<string, string>): Record<string, string>;
  /** Seconds by which the target's clock is ahead. */
  clock?: number;
}

/** One that is or was on, during [onset, end), seconds since the rig started. */
export interface ActiveSystemFault {
  fault: SystemFault;
  target: ServiceName;
  onset: number;
  end: number;
}
