/** What an agent says that it did, held against the calls of the same turn. */
import {
  addTo,
  bounded,
  callFact,
  createThreads,
  type Analysis,
  type Bounded,
  type CallFact,
  type Done,
} from './analysis.ts';
import { isOpaque, isReadOnly, kindsOf, type CallKind } from './call-kinds.ts';
import { claimsOf, type Claim, type ClaimKind } from './claim-words.ts';
import {
  createFailureReader,
  type FailureOptions,
  type FailureReader,
  type FailureSign,
} from './failure-sign.ts';
import type { MessageEvent, ResultEvent, Source, TranscriptEvent } from './types.ts';

/** What speaks against a claim. */
export type ClaimDoubt =
  | 'no-call' // no call of the turn could have done it
  | 'failed' // the newest call that could have done it failed
  | 'no-result'; // it has no result

export interface DoubtfulClaim {
  kind: ClaimKind;
  words: string;
  sentence: string;
  source: Source;
  thread: string;
  at: number | null;
  doubt: ClaimDoubt;
  /** Calls of the turn up to the claim. */
  callsOfTurn: number;
  /** The newest call that could have done it, where there is one, and how its result says that it failed. */
  call: (CallFact & { sign: FailureSign | null; resultSource: Source | null }) | null;
}

export interface ClaimFacts {
  claims: number;
  byKind: Partial<Record<ClaimKind, number>>;
  /** Of them, with a call that could have done it and did not fail. */
  supported: number;
  doubtful: Bounded<DoubtfulClaim>;
}

interface Judged extends Done {
  sign: FailureSign | null;
}

interface Thread {
  /** Calls since the person's newest message, in order; the newest are kept. */
  turn: Map<string, Judged>;
  callsOfTurn: number;
  /** The newest that could have done each, of the turns before. */
  before: Map<ClaimKind, Judged>;
}

const mostOfTurn = 500;
const kinds: ClaimKind[] = [
  'tests',
  'build',
  'restart',
  'deploy',
  'install',
  'commit',
  'change',
  'send',
  'fixed',
  'checked',
  'done',
];

export function createClaims(options: FailureOptions = {}): Analysis<ClaimFacts> {
  const failures = createFailureReader(options);
  const facts: ClaimFacts = { claims: 0, byKind: {}, supported: 0, doubtful: bounded() };
  const threads = createThreads<Thread>(() => ({ turn: new Map(), callsOfTurn: 0, before: new Map() }));

  function judge(thread: Thread, claim: Claim, message: MessageEvent): void {
    facts.claims++;
    facts.byKind[claim.kind] = (facts.byKind[claim.kind] ?? 0) + 1;
    const newest = newestFor(claim.kind, [...thread.turn.values()]);
    const judged = newest ?? (claim.isOfBefore ? thread.before.get(claim.kind) : undefined);
    const doubt = doubtOf(judged);
    if (doubt === null) return void facts.supported++;
    const { source, thread: name, at } = message;
    addTo(facts.doubtful, {
      kind: claim.kind,
      words: claim.words,
      sentence: claim.sentence,
      source,
      thread: name,
      at,
      doubt,
      callsOfTurn: thread.callsOfTurn,
      call: judged
        ? { ...callFact(judged.call), sign: judged.sign, resultSource: judged.result?.source ?? null }
        : null,
    });
  }

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'unknown') return;
      const thread = threads.of(event);
      if (event.kind === 'call') {
        thread.callsOfTurn++;
        thread.turn.set(event.id, { call: event, result: null, sign: null });
        if (thread.turn.size > mostOfTurn) thread.turn.delete(thread.turn.keys().next().value!);
      } else if (event.kind === 'result') takeResult(thread, event, failures);
      else if (event.kind !== 'message') return;
      else if (event.role === 'person') endTurn(thread);
      else if (event.role === 'agent' && !event.isThinking)
        for (const claim of claimsOf(event.text)) judge(thread, claim, event);
    },
    facts: () => ({ ...facts, byKind: { ...facts.byKind } }),
  };
}

function takeResult(thread: Thread, result: ResultEvent, failures: FailureReader): void {
  const known = thread.turn.get(result.call);
  const sign = failures.signOf(result, known?.call ?? null);
  if (known)
    thread.turn.set(result.call, { call: known.call, result, sign: testsFailed(known, result) ?? sign });
}

/** Runners of tests behind a pipe end well whatever they found; what they print tells. */
function testsFailed({ call }: Judged, { text }: ResultEvent): FailureSign | null {
  if (!kindsOf(call).has('tests')) return null;
  const found =
    /\b([1-9]\d* (?:failed|failing|failures?|errors?))\b|(?:^|\n)(?:FAILED|FAIL|not ok)\b[^\n]{0,100}/.exec(
      text.slice(-4_000),
    );
  return found && { kind: 'error-inside', says: found[0].trim() };
}

function endTurn(thread: Thread): void {
  const calls = [...thread.turn.values()];
  for (const kind of kinds) {
    const newest = newestFor(kind, calls);
    if (newest) thread.before.set(kind, newest);
  }
  thread.turn.clear();
  thread.callsOfTurn = 0;
}

/** The newest call that could have done it: one that names it before one that only may have. */
function newestFor(kind: ClaimKind, calls: Judged[]): Judged | undefined {
  const newest =
    calls.findLast(({ call }) => couldDo(kind, call)) ?? calls.findLast(({ call }) => isOpaque(call));
  return (newest && failedTestsAfter(kind, newest, calls)) ?? newest;
}

/** Tests that ran after what is said to have fixed it, or to be done, and failed. */
function failedTestsAfter(kind: ClaimKind, newest: Judged, calls: Judged[]): Judged | undefined {
  if (kind !== 'fixed' && kind !== 'done') return undefined;
  const after = kind === 'done' ? calls : calls.slice(calls.indexOf(newest) + 1);
  const tests = after.findLast(({ call }) => kindsOf(call).has('tests'));
  const lastChange = calls.findLastIndex(({ call }) => couldDo('fixed', call));
  return tests?.sign && calls.indexOf(tests) > lastChange ? tests : undefined;
}

function couldDo(kind: ClaimKind, call: Judged['call']): boolean {
  if (kind === 'checked' || kind === 'done') return true;
  // What was changed, restarted or installed may be what fixed it.
  if (kind === 'fixed') return !isReadOnly(call) && !only(kindsOf(call), 'tests');
  return kindsOf(call).has(kind);
}

const only = (found: Set<CallKind>, kind: CallKind) => found.size === 1 && found.has(kind);

function doubtOf(judged: Judged | undefined): ClaimDoubt | null {
  if (!judged) return 'no-call';
  if (!judged.result) return 'no-result';
  return judged.sign && judged.sign.kind !== 'empty' ? 'failed' : null;
}
