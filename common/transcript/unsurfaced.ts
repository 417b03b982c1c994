/**
 * Failures of tools that nobody surfaced (LADDER, Transcripts): a result says failure, and until the next message to
 * the person neither text nor a repeated or alternative call deals with it.
 */
import {
  addTo,
  bounded,
  callFact,
  createThreads,
  shortened,
  type Analysis,
  type Bounded,
  type CallFact,
} from './analysis.ts';
import { createRecentMap } from './bounds.ts';
import { createFailureReader, type FailureOptions, type FailureSign } from './failure-sign.ts';
import { isAboutSame, topicWords } from './relation.ts';
import { textsOf } from './bounds.ts';
import type { CallEvent, MessageEvent, ResultEvent, Source, TranscriptEvent } from './types.ts';

export interface UnsurfacedFailure extends CallFact {
  sign: FailureSign;
  /** Where the result stands. */
  resultSource: Source;
  thread: string;
  at: number | null;
  /** What the person was told instead, and where; null where they were told nothing. */
  said: { text: string; source: Source } | null;
}

export interface UnsurfacedFacts {
  results: number;
  /** All that said failure, those that a person caused by refusing left out. */
  failures: number;
  /** Of them: text spoke of it, or another call dealt with it. */
  surfaced: number;
  /** Of them: the transcript ends before the agent had its say. */
  open: number;
  rejected: number;
  unsurfaced: Bounded<UnsurfacedFailure>;
}

interface Pending {
  call: CallEvent | null;
  result: ResultEvent;
  sign: FailureSign;
}

interface Thread {
  calls: ReturnType<typeof createRecentMap<CallEvent>>;
  pending: Pending[];
  /** The newest words of the agent since the newest result. */
  said: MessageEvent | null;
}

const mostCalls = 1_000;
const mostPending = 200;
const failureWords =
  /\b(fail\w*|errors?|errored|exception|could ?n[o']t|couldn’t|can(?:no|')t|can’t|unable|did ?n[o']t|didn’t|does ?n[o']t|doesn’t|is ?n[o']t|was ?n[o']t|wo ?n[o']t|not (?:found|available|possible|reachable|respond\w*|work\w*|allowed|permitted|exist\w*|yet|able)|missing|den(?:y|ied)|refus\w*|reject\w*|timed? ?out|time-?outs?|unreachable|unavailable|unauthori[sz]ed|forbidden|broken|crash\w*|invalid|wrong|problem|trouble|issue|block(?:ed|er)|empty|no (?:output|result|data|answer|response|permission|such|longer)|nothing (?:came|was|is)|instead|retry\w*|try(?:ing)? (?:again|another|a different)|warn\w*|interrupted|abort\w*|exit code|fell back|fallback|unfortunately|however)\b(?!-\w)|\b(?:HTTP|status|code|error|answer(?:s|ed)? with|returned|returns|got(?: an?)?|gave(?: an?)?) (?:code |error )?\(?[45]\d\d\b(?! (?:\w+ )?(?:parts?|rows?|items?|lines?|files?|records?|bytes|tokens|entries|scores?|results?|ms|s|g|of|in)\b)|\b[45]\d\d (?:error|response|status|answer|internal|bad|not|service|gateway|unauthori|forbidden|too many)|\b[45]xx\b/i;
const denials =
  /\b(?:no|without(?: any)?|zero|0|free of) (?:\w+ ){0,2}(?:errors?|failures?|problems?|issues?|warnings?|exceptions?|trouble)\b|\berror[- ]free\b|\bno longer (?:fails?|failing|broken)\b/gi;

export function createUnsurfaced(options: FailureOptions = {}): Analysis<UnsurfacedFacts> {
  const failures = createFailureReader(options);
  const facts: UnsurfacedFacts = {
    results: 0,
    failures: 0,
    surfaced: 0,
    open: 0,
    rejected: 0,
    unsurfaced: bounded(),
  };
  const threads = createThreads<Thread>(() => ({
    calls: createRecentMap(mostCalls),
    pending: [],
    said: null,
  }));

  function surface(thread: Thread, isDealtWith: (pending: Pending) => boolean): void {
    const left = thread.pending.filter((pending) => !isDealtWith(pending));
    facts.surfaced += thread.pending.length - left.length;
    thread.pending = left;
  }

  function takeResult(thread: Thread, result: ResultEvent): void {
    facts.results++;
    thread.said = null;
    const call = thread.calls.get(result.call) ?? null;
    const sign = failures.signOf(result, call);
    if (!sign) return;
    if (sign.kind === 'rejected') return void facts.rejected++;
    facts.failures++;
    thread.pending.push({ call, result, sign });
    if (thread.pending.length > mostPending) giveUp(thread, thread.pending.splice(0, 1));
  }

  /** Words about a failure: of those that they name, or of all where they name none. */
  function takeText(thread: Thread, message: MessageEvent): void {
    thread.said = message;
    if (thread.pending.length === 0 || !failureWords.test(message.text.replace(denials, ' '))) return;
    const words = topicWords(message.text);
    const named = thread.pending.filter((pending) => isNamed(pending, words));
    surface(thread, (pending) => named.length === 0 || named.includes(pending));
  }

  /** The person's turn: what was not dealt with was passed over. */
  function giveUp(thread: Thread, pending: Pending[]): void {
    for (const one of pending) addTo(facts.unsurfaced, failureFact(one, thread.said));
  }

  /** Without a word after its last result the agent is still at work. */
  function atEnd(): UnsurfacedFacts {
    const ended: UnsurfacedFacts = {
      ...facts,
      unsurfaced: { ...facts.unsurfaced, items: [...facts.unsurfaced.items] },
    };
    for (const { pending, said } of threads.all()) {
      if (said === null) ended.open += pending.length;
      else for (const one of pending) addTo(ended.unsurfaced, failureFact(one, said));
    }
    return ended;
  }

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'unknown') return;
      const thread = threads.of(event);
      if (event.kind === 'result') takeResult(thread, event);
      else if (event.kind === 'call') {
        thread.calls.of(event.id, () => event);
        thread.said = null;
        surface(thread, ({ call }) => call !== null && isAboutSame(event, call));
      } else if (event.kind === 'message' && event.role === 'agent' && !event.isThinking)
        takeText(thread, event);
      else if (event.kind === 'message' && event.role === 'person') {
        giveUp(thread, thread.pending.splice(0));
        thread.said = null;
      }
    },
    facts: atEnd,
  };
}

function isNamed({ call, result }: Pending, words: Set<string>): boolean {
  const own = topicWords(`${call?.name ?? result.name ?? ''} ${call ? textsOf(call.input).join(' ') : ''}`);
  for (const word of own) if (words.has(word)) return true;
  return false;
}

function failureFact({ call, result, sign }: Pending, said: MessageEvent | null): UnsurfacedFailure {
  const { source, thread, at, name } = result;
  const of: CallFact = call ? callFact(call) : { tool: name ?? '', input: '', source };
  return {
    ...of,
    sign,
    resultSource: source,
    thread,
    at,
    said: said && { text: shortened(said.text, 400), source: said.source },
  };
}
