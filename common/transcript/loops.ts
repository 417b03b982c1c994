/** The same call with the same input that brings the same, again and again within one turn. */
import {
  addTo,
  bounded,
  callFact,
  createThreads,
  type Analysis,
  type Bounded,
  type CallFact,
} from './analysis.ts';
import { createRecentMap } from './bounds.ts';
import type { CallEvent, Source, TranscriptEvent } from './types.ts';

export interface Loop extends CallFact {
  thread: string;
  times: number;
  /** Where the last of them stands; `source` is the first. */
  lastSource: Source;
  /** Microseconds from the first to the last; null where no times are told. */
  span: number | null;
  /** Other calls in between. */
  others: number;
  /** Whether what it brought was flagged as an error. */
  isError: boolean;
}

export interface LoopFacts {
  calls: number;
  loops: Bounded<Loop>;
}

interface Run {
  first: CallEvent;
  last: CallEvent;
  result: string;
  times: number;
  isError: boolean;
  /** Calls of the thread when it began, and when it was last seen. */
  from: number;
  to: number;
}

interface Thread {
  calls: number;
  open: ReturnType<typeof createRecentMap<CallEvent>>;
  runs: Map<string, Run>;
}

const mostOpen = 500;
const mostRuns = 500;

/** `least`: how often a call must bring the same to be told. */
export function createLoops(least = 3): Analysis<LoopFacts> {
  const facts: LoopFacts = { calls: 0, loops: bounded() };
  const threads = createThreads<Thread>(() => ({
    calls: 0,
    open: createRecentMap(mostOpen),
    runs: new Map(),
  }));

  function takeResult(thread: Thread, call: CallEvent, result: string, isError: boolean): void {
    const key = `${call.name} ${call.digest}`;
    const run = thread.runs.get(key);
    if (run?.result === result) {
      Object.assign(run, { last: call, times: run.times + 1, to: thread.calls, isError });
      return;
    }
    // Another result: it got on, as when one waits for something.
    if (run) close(run, facts.loops);
    thread.runs.set(key, {
      first: call,
      last: call,
      result,
      times: 1,
      isError,
      from: thread.calls,
      to: thread.calls,
    });
    if (thread.runs.size > mostRuns) {
      const [oldest, gone] = thread.runs.entries().next().value!;
      thread.runs.delete(oldest);
      close(gone, facts.loops);
    }
  }

  function close(run: Run, loops: Bounded<Loop>): void {
    if (run.times < least) return;
    const { first, last, times, isError, from, to } = run;
    addTo(loops, {
      ...callFact(first),
      thread: first.thread,
      times,
      lastSource: last.source,
      span: first.at === null || last.at === null ? null : last.at - first.at,
      others: to - from + 1 - times,
      isError,
    });
  }

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'unknown') return;
      const thread = threads.of(event);
      if (event.kind === 'call') {
        facts.calls++;
        thread.calls++;
        thread.open.of(event.id, () => event);
      } else if (event.kind === 'result') {
        const call = thread.open.get(event.call);
        if (call) takeResult(thread, call, event.digest, event.isError === true);
      } else if (event.kind === 'message' && event.role === 'person') {
        for (const run of thread.runs.values()) close(run, facts.loops);
        thread.runs.clear();
      }
    },
    facts() {
      const loops = { ...facts.loops, items: [...facts.loops.items] };
      for (const { runs } of threads.all()) for (const run of runs.values()) close(run, loops);
      return { ...facts, loops };
    },
  };
}
