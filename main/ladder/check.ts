/** What a check is: a question to the live system with an answer that a person can read, and what it was read from. */
import type { z } from 'zod';
import type { findingResult } from '../../common/incident/entries.ts';
import type { Rung } from '../../common/ledger/types.ts';
import type { Profile } from '../../common/profile/index.ts';
import type { CheckContext } from './context.ts';

export type CheckResult = z.infer<typeof findingResult>;

/** Bytes that a finding rests on. */
export interface CheckEvidence {
  /** As `cv-health.json`: what a person sees when it is opened. */
  name: string;
  media: string;
  bytes: Uint8Array;
}

/** What a check found about one subject: one sentence with its numbers. */
export interface Found {
  result: CheckResult;
  says: string;
  /** What cannot be the cause any more. */
  rulesOut?: string;
  /** What to do or look at next. */
  next?: string;
  /** The check, with its subject, whose finding explains why this one can't be told (LADDER, Cascades). */
  explainedBy?: string;
  evidence?: CheckEvidence[];
}

/**
 * One check. It declares what it needs of the profile by its subjects, and what it does to the system by its effect:
 * `none` reads, `load` makes work there (asked once an incident), `write` only as a proposed change. Without its data, or
 * under its sample floor, it answers `unknown` and says what is missing; it never passes.
 */
export interface Check {
  /** As `tools.service`. */
  id: string;
  rung: Rung;
  title: string;
  effect: 'none' | 'load' | 'write';
  /** Milliseconds for one subject; 15 000 unless told. */
  timeoutMs?: number;
  /** What of the profile it looks at, by name; each gives a finding of its own. Empty: nothing there for it. */
  subjects(profile: Profile): string[];
  run(subject: string, context: CheckContext): Promise<Found>;
}

/** The name of a check in the ledger: the last finding under each is what counts on its rung. */
export const checkName = (check: string, subject: string): string =>
  subject === '' ? check : `${check} ${subject}`;
