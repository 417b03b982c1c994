/** Edits of one file that are undone and redone: A → B → A → B. */
import { addTo, bounded, createThreads, type Analysis, type Bounded } from './analysis.ts';
import { createRecentMap } from './bounds.ts';
import { isAskedFor } from './asked-edits.ts';
import { editsOf, type Edit } from './edits.ts';
import type { CallEvent, Source, TranscriptEvent } from './types.ts';

export interface FlipFlop {
  file: string;
  thread: string;
  /** Steps to and fro: A → B → A → B is 3. */
  steps: number;
  /** Where each step stands, the newest 16. */
  sources: Source[];
}

export interface FlipFlopFacts {
  edits: number;
  /** Edits that took back an edit before them. */
  undone: number;
  flipFlops: Bounded<FlipFlop>;
}

/** To and fro between two states of one place in a file. */
interface Pair {
  to: string;
  steps: number;
  sources: Source[];
  fact: FlipFlop | null;
}

interface Thread {
  /** The person's newest words, and what was put in since because of them. */
  asked: string;
  followed: Set<string>;
  open: ReturnType<typeof createRecentMap<CallEvent>>;
  pairs: ReturnType<typeof createRecentMap<Pair>>;
  /** What files were last written as a whole. */
  whole: ReturnType<typeof createRecentMap<{ digest: string }>>;
}

const mostOpen = 500;
const mostPairs = 2_000;
const mostSources = 16;
const leastSteps = 3;

export function createFlipFlops(): Analysis<FlipFlopFacts> {
  const facts: FlipFlopFacts = { edits: 0, undone: 0, flipFlops: bounded() };
  const threads = createThreads<Thread>(() => ({
    asked: '',
    followed: new Set(),
    open: createRecentMap(mostOpen),
    pairs: createRecentMap(mostPairs),
    whole: createRecentMap(mostPairs),
  }));

  function takeEdit(thread: Thread, { file, from, to }: Edit, call: CallEvent): void {
    const whole = thread.whole.of(file, () => ({ digest: '' }));
    const before = from ?? whole.digest;
    if (from === null) whole.digest = to;
    if (before === to) return;
    facts.edits++;
    const key = `${file} ${[before, to].sort().join(' ')}`;
    const pair = thread.pairs.of(key, () => ({ to, steps: 0, sources: [], fact: null }));
    // The same step again, as in another place of the file, is no step back.
    if (pair.steps > 0 && pair.to === to) return;
    // Who was told to go there does not waver.
    if (!thread.followed.has(key + to) && isAskedFor(call, thread.asked)) {
      thread.followed.add(key + to);
      Object.assign(pair, { to, steps: 1, sources: [call.source], fact: null });
      return;
    }
    pair.to = to;
    pair.steps++;
    pair.sources = [...pair.sources, call.source].slice(-mostSources);
    if (pair.steps % 2 === 0) facts.undone++;
    if (pair.steps < leastSteps) return;
    if (!pair.fact) {
      pair.fact = { file, thread: call.thread, steps: 0, sources: [] };
      addTo(facts.flipFlops, pair.fact);
    }
    Object.assign(pair.fact, { steps: pair.steps, sources: pair.sources });
  }

  return {
    take(event: TranscriptEvent) {
      if (event.kind === 'message' && event.role === 'person')
        Object.assign(threads.of(event), { asked: event.text, followed: new Set() });
      if (event.kind === 'call') threads.of(event).open.of(event.id, () => event);
      if (event.kind !== 'result' || event.isError === true) return;
      const thread = threads.of(event);
      const call = thread.open.get(event.call);
      // An edit counts when it came about.
      if (call) for (const edit of editsOf(call)) takeEdit(thread, edit, call);
    },
    facts: () => ({
      ...facts,
      flipFlops: { ...facts.flipFlops, items: facts.flipFlops.items.map((one) => ({ ...one })) },
    }),
  };
}
