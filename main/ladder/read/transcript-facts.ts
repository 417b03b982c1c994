import {
  createClaims,
  createContext,
  createFlipFlops,
  createLoops,
  createRules,
  createUnsurfaced,
  type ClaimFacts,
  type ContextFact,
  type FailureOptions,
  type FlipFlopFacts,
  type LoopFacts,
  type RuleFacts,
  type TranscriptEvent,
  type UnsurfacedFacts,
} from '../../../common/transcript/index.ts';
import { createFailedCalls, type FailedCalls } from './failed-calls.ts';

/** What all analyses tell of one transcript. */
export interface TranscriptFacts {
  context: ContextFact[];
  loops: LoopFacts;
  flipFlops: FlipFlopFacts;
  rules: RuleFacts;
  claims: ClaimFacts;
  unsurfaced: UnsurfacedFacts;
  failedCalls: FailedCalls;
}

export interface FactsOptions extends FailureOptions {
  windowTokens: number | null;
  /** Rules that hold always, as texts. */
  rules: readonly string[];
}

const mostThreads = 10_000;

/**
 * Feeds every analysis. Of a transcript whose beginning was not read, what stands before a thread's first message of a
 * person is only counted: whose calls are not seen is not said to have made none.
 */
export function createFacts(options: FactsOptions, isFromStart: boolean) {
  const context = createContext(options.windowTokens);
  const others = {
    loops: createLoops(),
    flipFlops: createFlipFlops(),
    rules: createRules(options.rules),
    claims: createClaims(options),
    unsurfaced: createUnsurfaced(options),
    failedCalls: createFailedCalls(options),
  };
  const fed = Object.values(others);
  const whole = new Set<string>();

  function isWhole(event: Exclude<TranscriptEvent, { kind: 'unknown' }>): boolean {
    if (isFromStart || event.kind === 'compaction') return true;
    if (event.kind === 'message' && event.role === 'person' && whole.size < mostThreads)
      whole.add(event.thread);
    return whole.has(event.thread);
  }

  return {
    take(event: TranscriptEvent): void {
      if (event.kind === 'unknown') return;
      context.take(event);
      if (isWhole(event)) for (const analysis of fed) analysis.take(event);
    },
    facts: (): TranscriptFacts => ({
      context: context.facts(),
      loops: others.loops.facts(),
      flipFlops: others.flipFlops.facts(),
      rules: others.rules.facts(),
      claims: others.claims.facts(),
      unsurfaced: others.unsurfaced.facts(),
      failedCalls: others.failedCalls.facts(),
    }),
  };
}
