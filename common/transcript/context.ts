/** How full, how old and how often compacted the context of each thread is. */
import { addTo, bounded, createThreads, type Analysis, type Bounded } from './analysis.ts';
import type { CompactionEvent, Source, TranscriptEvent, UsageEvent } from './types.ts';

export interface CompactionFact {
  marker: CompactionEvent['marker'];
  trigger: string | null;
  before: number | null;
  /** Where the record does not tell, the tokens of the next reply; null where none came. */
  after: number | null;
  at: number | null;
  source: Source;
  hasSummary: boolean;
}

export interface ContextFact {
  thread: string;
  session: string;
  /** The newest; null where none is told. */
  model: string | null;
  /** Microseconds since 1970 of the first event with a time and of the newest. */
  startedAt: number | null;
  endedAt: number | null;
  /** Messages of the person, replies of the model that tell tokens, calls. */
  turns: number;
  replies: number;
  calls: number;
  /** Tokens of context that the newest reply was sent, and the most of any; null where none tells. */
  tokens: number | null;
  mostTokens: number | null;
  /** Of the window, 0 to 1 and more; null without a window or tokens. */
  share: number | null;
  mostShare: number | null;
  /** Tokens that the model wrote, in all. */
  written: number;
  /** Of all tokens sent, those from a cache, 0 to 1; null where none were sent. */
  cachedShare: number | null;
  compactions: Bounded<CompactionFact>;
  turnsSinceCompaction: number;
}

interface Thread {
  fact: ContextFact;
  sent: number;
  cached: number;
  waits: CompactionFact | null;
}

/** `window`: tokens that the model's context holds; null where nobody told. */
export function createContext(window: number | null = null): Analysis<ContextFact[]> {
  const threads = createThreads<Thread>(() => ({ fact: emptyFact(), sent: 0, cached: 0, waits: null }));
  const share = (tokens: number | null) => (tokens === null || !window ? null : tokens / window);

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'unknown') return;
      const thread = threads.of(event);
      const { fact } = thread;
      fact.thread = event.thread;
      fact.session = event.session;
      if (event.at !== null) {
        fact.startedAt = Math.min(fact.startedAt ?? event.at, event.at);
        fact.endedAt = Math.max(fact.endedAt ?? event.at, event.at);
      }
      if (event.kind === 'call') fact.calls++;
      else if (event.kind === 'usage') takeUsage(thread, event);
      else if (event.kind === 'compaction') takeCompaction(thread, event);
      else if (event.kind === 'message' && event.role === 'person') {
        fact.turns++;
        fact.turnsSinceCompaction++;
      } else if (event.kind === 'message') fact.model = event.model ?? fact.model;
    },
    facts: () =>
      threads.all().map(({ fact, sent, cached }) => ({
        ...fact,
        share: share(fact.tokens),
        mostShare: share(fact.mostTokens),
        cachedShare: sent === 0 ? null : cached / sent,
      })),
  };
}

function emptyFact(): ContextFact {
  return {
    thread: '',
    session: '',
    model: null,
    startedAt: null,
    endedAt: null,
    turns: 0,
    replies: 0,
    calls: 0,
    tokens: null,
    mostTokens: null,
    share: null,
    mostShare: null,
    written: 0,
    cachedShare: null,
    compactions: bounded(),
    turnsSinceCompaction: 0,
  };
}

function takeUsage(thread: Thread, { input, output, cached, model }: UsageEvent): void {
  const { fact } = thread;
  fact.replies++;
  fact.tokens = input;
  fact.mostTokens = Math.max(fact.mostTokens ?? 0, input);
  fact.written += output;
  fact.model = model ?? fact.model;
  thread.sent += input;
  thread.cached += cached;
  if (thread.waits) thread.waits.after = input;
  thread.waits = null;
}

function takeCompaction(thread: Thread, event: CompactionEvent): void {
  const { marker, trigger, before, after, at, source, summary } = event;
  const compaction = { marker, trigger, before, after, at, source, hasSummary: summary !== null };
  addTo(thread.fact.compactions, compaction);
  thread.fact.turnsSinceCompaction = 0;
  thread.waits = after === null ? compaction : null;
}
