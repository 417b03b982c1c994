/**
 * Transcripts of agents: bytes → a reader of their format → events in one form → analyses that give facts.
 *
 *     const reader = createTranscriptReader(detectFormat(firstLines)[0].format);
 *     const feed = feedBytes(reader, (event) => analyses.forEach((analysis) => analysis.take(event)));
 */
export { callFact, factsOf, type Analysis, type Bounded, type CallFact } from './analysis.ts';
export { createClaims, type ClaimDoubt, type ClaimFacts, type DoubtfulClaim } from './claims.ts';
export { createContext, type CompactionFact, type ContextFact } from './context.ts';
export { createTranscriptReader, detectFormat, type FormatGuess } from './detect.ts';
export {
  createFailureReader,
  type ErrorPattern,
  type FailureKind,
  type FailureOptions,
  type FailureSign,
} from './failure-sign.ts';
export { createFlipFlops, type FlipFlop, type FlipFlopFacts } from './flip-flops.ts';
export { createLoops, type Loop, type LoopFacts } from './loops.ts';
export { feedBytes, readText, type ByteFeed } from './read-bytes.ts';
export { createRules, type BrokenRule, type LostRule, type RuleFacts } from './rules.ts';
export { createSessions, type Session, type Turn } from './sessions.ts';
export { rulesOf } from './stated-rules.ts';
export { transcriptFormats } from './types.ts';
export type * from './types.ts';
export { createUnsurfaced, type UnsurfacedFacts, type UnsurfacedFailure } from './unsurfaced.ts';
