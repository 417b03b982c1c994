import { cutText } from '../lib/cut-text.ts';
import { createRecentMap, textsOf } from './bounds.ts';
import type { CallEvent, ResultEvent, Source, TranscriptEvent } from './types.ts';

/**
 * A fold over the events of a transcript that gives facts: numbers and places, no verdicts. Its memory is bounded, so
 * that it can follow a transcript of any length; `facts` may be asked at any time.
 */
export interface Analysis<F> {
  take(event: TranscriptEvent): void;
  facts(): F;
}

export function factsOf<F>(events: Iterable<TranscriptEvent>, analysis: Analysis<F>): F {
  for (const event of events) analysis.take(event);
  return analysis.facts();
}

/** A call with what came of it. */
export interface Done {
  call: CallEvent;
  /** Null where no result was seen. */
  result: ResultEvent | null;
}

/** A call as a fact tells it. */
export interface CallFact {
  tool: string;
  /** Its input in one line, shortened. */
  input: string;
  source: Source;
}

const mostInput = 200;

export function callFact({ name, input, source }: CallEvent): CallFact {
  return { tool: name, input: shortened(textsOf(input).join(' '), mostInput), source };
}

/** In one line, at most `most` UTF-16 units. */
export function shortened(text: string, most = mostInput): string {
  const line = text
    .slice(0, most * 4)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length <= most ? line : `${cutText(line, most - 1)}…`;
}

/** State of each thread of a transcript; the one longest silent is forgotten first. */
export function createThreads<T>(make: (thread: string) => T) {
  const threads = createRecentMap<T>(mostThreads);
  return {
    of: ({ thread }: TranscriptEvent) => threads.of(thread, () => make(thread)),
    all: () => threads.values(),
  };
}

export const mostThreads = 256;

/** Facts of a kind that are kept; the others are counted. */
export const mostFacts = 200;

/** A list that keeps the first `most`, and counts all. */
export interface Bounded<T> {
  items: T[];
  count: number;
}

export const bounded = <T>(): Bounded<T> => ({ items: [], count: 0 });

export function addTo<T>(list: Bounded<T>, item: T, most = mostFacts): void {
  list.count++;
  if (list.items.length < most) list.items.push(item);
}
