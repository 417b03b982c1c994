/** What an agent says that it did, held against the calls of the same turn. */
import { isRecord } from '../lib/members.ts';
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
import { resultJson } from './result-text.ts';
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
  /** Whether a call of an earlier turn could have done it. */
  hasBefore: boolean;
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
  /** What the person asked in this turn. */
  asked: string;
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
  const threads = createThreads<Thread>(() => ({
    turn: new Map(),
    callsOfTurn: 0,
    asked: '',
    before: new Map(),
  }));

  function judge(thread: Thread, claim: Claim, message: MessageEvent): void {
    facts.claims++;
    facts.byKind[claim.kind] = (facts.byKind[claim.kind] ?? 0) + 1;
    const newest = newestFor(claim.kind, [...thread.turn.values()]);
    const before = thread.before.get(claim.kind);
    const isOfBefore = claim.isOfBefore || asksBack(thread.asked, claim.kind);
    const judged = newest ?? (isOfBefore ? before : undefined);
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
      hasBefore: before !== undefined,
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
      else if (event.role === 'person') {
        endTurn(thread);
        thread.asked = event.text;
      } else if (event.role === 'agent' && !event.isThinking)
        for (const claim of claimsOf(event.text)) judge(thread, claim, event);
    },
    facts: () => ({ ...facts, byKind: { ...facts.byKind } }),
  };
}

/** How a question after what was done begins; "can you" asks for more. */
const questionBack =
  /^\W*(?:(?:and|so|but|now|\w{2,10}[,.!]) +){0,2}(?:what|which|why|when|where|who|how|did|does|do you|have|has|had|is|are|was|were|any)\b/i;
const reportBack =
  /\b(?:summar\w*|recap\w*|hand-?over|write-?up|report (?:on|of|what)|tell me what|list (?:what|all|the|your)|what (?:you|was|has been|have you|did you)|so far)\b/i;
/** What asks for a thing to be done, where its words are no question after it. */
const asksFor: Partial<Record<ClaimKind, RegExp>> = {
  tests: /\b(?:tests?|pytest)\b/i,
  build: /\b(?:re)?(?:build|compile)\b/i,
  restart: /\b(?:restart|reboot|reload|relaunch)\b/i,
  deploy: /\b(?:deploy|release|publish|push|roll out|ship|flash|upload)\b/i,
  install: /\b(?:install|upgrade)\b/i,
  commit: /\b(?:commit|merge)\b/i,
  send: /\b(?:send|notify|tell|mail|email|post|page|message)\b/i,
};

/** The person asks what was done before: what the agent then says is no claim of this turn. */
function asksBack(asked: string, kind: ClaimKind): boolean {
  const text = asked.slice(0, 2_000);
  if (questionBack.test(text)) return true;
  return reportBack.test(text) && !(asksFor[kind]?.test(text.replace(reportBack, ' ')) ?? false);
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
  const json = resultJson(text);
  const counts = isRecord(json) ? ['failed', 'failures', 'errors', 'failing'].map((name) => json[name]) : [];
  const count = counts.find((value) =>
    Array.isArray(value) ? value.length > 0 : Number.isInteger(value) && value !== 0,
  );
  if (count !== undefined)
    return { kind: 'error-inside', says: `${Array.isArray(count) ? count.length : Number(count)} failed` };
  const found =
    /\b([1-9]\d* (?:failed|failing|failures?|errors?))\b|(?:^|\n)(?:FAILED|FAIL|not ok)\b[^\n]{0,100}/.exec(
      text.slice(-4_000),
    );
  return found && { kind: 'error-inside', says: found[0].trim() };
}

const isOutcome = (kind: ClaimKind) => kind === 'tests' || kind === 'build';

function endTurn(thread: Thread): void {
  const calls = [...thread.turn.values()];
  for (const kind of kinds) {
    // Of what was done before, what went well is meant; of outcomes the newest.
    const well = isOutcome(kind) ? [] : calls.filter((judged) => doubtOf(judged) === null);
    const known = thread.before.get(kind);
    const newest =
      newestFor(kind, well) ?? (known && doubtOf(known) === null && !isOutcome(kind) ? known : undefined);
    const kept = newest ?? newestFor(kind, calls);
    if (kept) thread.before.set(kind, kept);
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
