/**
 * What a doubtful claim of an agent comes to. A claim whose call did what it could and found a bad end (tests that
 * fail) is false by itself; one whose tool broke and nobody said so is the tool's fault, and rung 3 explains it.
 */
import type { ClaimFacts, DoubtfulClaim, FailureKind } from '../../../common/transcript/index.ts';
import { keyOf } from './failed-calls.ts';
import type { TranscriptFile } from './transcript-file.ts';

/** `false`: it does not hold. `explained`: by a failure that nobody surfaced. `weak`: it may not. `harmless`: a way of speaking. */
export type ClaimVerdict = 'false' | 'explained' | 'weak' | 'harmless';

type ClaimKind = keyof ClaimFacts['byKind'];

/** Whatever was done may be meant. */
const general = new Set<ClaimKind>(['done', 'checked', 'fixed', 'change']);
/** The tool, or what it asked, broke: it answered nothing about what it was asked. */
const toolBroke = new Set<FailureKind>(['time-out', 'permission', 'http-status', 'interrupted', 'rejected']);

export function verdictOf(claim: DoubtfulClaim, file: TranscriptFile): ClaimVerdict {
  if (claim.doubt === 'no-result') return 'weak';
  return claim.doubt === 'no-call' ? withoutCall(claim, file) : withFailure(claim, file);
}

function withoutCall(
  { kind, thread, hasBefore }: DoubtfulClaim,
  { facts, fromLine }: TranscriptFile,
): ClaimVerdict {
  if (!general.has(kind)) return 'false';
  // Nothing it ever called can have changed a thing.
  if ((kind === 'fixed' || kind === 'change') && !hasBefore && fromLine === 1) return 'false';
  const calls = facts.context.find((each) => each.thread === thread)?.calls ?? 0;
  // Who never did anything has nothing done; after work, "all done" answers a question.
  if (calls === 0 && fromLine === 1) return 'false';
  return kind === 'fixed' || kind === 'change' ? 'weak' : 'harmless';
}

function withFailure({ kind, call }: DoubtfulClaim, { facts }: TranscriptFile): ClaimVerdict {
  const isUnsurfaced = facts.unsurfaced.unsurfaced.items.some(
    (failure) => call !== null && keyOf(failure) === keyOf(call),
  );
  // Behind a pipe tests end well whatever they found: only what is claimed of them makes it a failure.
  const isFailure = call !== null && facts.failedCalls.has(call);
  if (!isUnsurfaced && isFailure) return general.has(kind) ? 'harmless' : 'weak';
  const isOutcome = kind === 'tests' || kind === 'build' || !general.has(kind) || isTestRun(call);
  return isOutcome && !didToolBreak(call, kind) ? 'false' : 'explained';
}

/** What an answer says within of its failing says as much as one that failed; of tests and builds it is what they found. */
const didToolBreak = (call: DoubtfulClaim['call'], kind: ClaimKind) =>
  !call?.sign ||
  toolBroke.has(call.sign.kind) ||
  (call.sign.kind === 'error-inside' && kind !== 'tests' && kind !== 'build' && !isTestRun(call)) ||
  /^status [45]\d\d\b/.test(call.sign.says);

/** "All done" over tests that failed. */
const isTestRun = (call: DoubtfulClaim['call']) =>
  /\b(?:[1-9]\d* (?:failed|failing|failures?|errors?)|FAIL(?:ED)?|not ok)\b/.test(call?.sign?.says ?? '');

/** Calls, by `keyOf`, whose failure a false claim is about: there it is told, once. */
export function callsOfFalseClaims(file: TranscriptFile): Set<string> {
  const keys = file.facts.claims.doubtful.items.flatMap((claim) =>
    claim.call && verdictOf(claim, file) === 'false' ? [keyOf(claim.call)] : [],
  );
  return new Set(keys);
}
