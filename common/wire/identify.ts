import { createGarbledWatch } from './garbled.ts';
import { createCandidates, type Candidate } from './identify-candidates.ts';
import { ruleOf, strengthOf, type Rule } from './identify-rules.ts';
import { createSplitter } from './splitter.ts';
import type { DialectOptions } from './types.ts';

export { probeRates, usualRates } from './probe-rates.ts';

/** One guess of what speaks on a line. */
export interface Guess {
  dialect: string;
  /** Options that differ from the usual ones. Whether 0 or 1 means a broken beam can't be told. */
  options: DialectOptions;
  /** 0 to 1. It grows with the lines that fit and falls with those that don't. */
  confidence: number;
  /** Lines that fitted, of those that were looked at. */
  lines: number;
  why: string;
}

/** Finds out what speaks, from bytes as they come. Pure; its memory and its work per byte are bounded. */
export interface Identifier {
  push(chunk: Uint8Array): void;
  /** What fits so far, the surest first, each dialect once; empty when nothing does. */
  guesses(): Guess[];
  /** Whether what came looks like bytes read at a wrong rate: nothing fits, and it is no text. */
  looksGarbled(): boolean;
}

const longestText = 2048;
const longestFrame = 4096;
/** When so many lines were judged, older ones count half. */
const windowLines = 512;
/** Of the lines, so many must fit for a guess; fewer where one alone says much: boards talk when they start. */
const leastShare = 0.5;
const leastShareOfStrong = 0.2;
const strong = 0.7;
/** After so many lines of a kind it is enough to look at one in so many: noise can bring a million a second. */
const linesInFull = 1_000;
const oneIn = 16;

interface Judged extends Candidate {
  rule: Rule;
  /** All lines that fitted, of those looked at. */
  lines: number;
}

export function createIdentifier(): Identifier {
  const judged = createCandidates().map((candidate): Judged =>
    Object.assign(candidate, { rule: ruleOf(candidate), lines: 0 }),
  );
  const garbled = createGarbledWatch();

  /** Splits by one kind of ends, for the dialects that have it. */
  function listen(ends: 'line' | 'zero', longest: number) {
    const listeners = judged.filter(({ dialect }) => dialect.ends === ends);
    /** The first may be the rest of a line: it speaks for a dialect, but not against one. */
    let isFirst = true;
    let heard = 0;
    const refuse = (last: boolean) => {
      if (last && !isFirst) listeners.forEach(noteRefused);
      isFirst &&= !last;
    };
    return createSplitter(
      longest,
      {
        onLine(line) {
          if (++heard > linesInFull && heard % oneIn !== 0) return;
          for (const candidate of listeners) judge(candidate, line, isFirst);
          isFirst = false;
        },
        onRejected: (_part, last) => refuse(last),
      },
      ends,
    );
  }

  const splitters = [listen('line', longestText), listen('zero', longestFrame)];

  return {
    push(chunk) {
      garbled.push(chunk);
      for (const splitter of splitters) splitter.push(chunk);
    },
    guesses: () => bestOfEach(judged),
    looksGarbled: () => garbled.looksGarbled() && !judged.some(isLikely),
  };
}

function judge(candidate: Judged, line: Uint8Array, isFirst: boolean): void {
  const { dialect, sink, rule } = candidate;
  sink.clear();
  if (line.length > dialect.maxLineBytes || !dialect.parse(line, sink)) {
    if (!isFirst) noteRefused(candidate);
    return;
  }
  candidate.accepted++;
  candidate.lines++;
  rule.follow(line);
  forget(candidate);
}

function noteRefused(candidate: Judged): void {
  candidate.refused++;
  forget(candidate);
}

function forget(candidate: Judged): void {
  if (candidate.accepted + candidate.refused < windowLines) return;
  candidate.accepted /= 2;
  candidate.refused /= 2;
}

const shareOf = ({ accepted, refused }: Judged) => (accepted === 0 ? 0 : accepted / (accepted + refused));

const isLikely = (candidate: Judged) =>
  shareOf(candidate) >= (strengthOf[candidate.dialect.name]! >= strong ? leastShareOfStrong : leastShare);

function guessOf(candidate: Judged): Guess {
  const { dialect, options, accepted, lines, rule } = candidate;
  const share = shareOf(candidate);
  const { fit, why } = rule.verdict();
  const certainty = 1 - (1 - strengthOf[dialect.name]!) ** accepted;
  const unit = dialect.ends === 'zero' ? 'frames' : 'lines';
  const counted = `${Math.round(share * 100)} % of ${unit} fit`;
  return {
    dialect: dialect.name,
    options,
    confidence: certainty * share * fit,
    lines,
    why: why === undefined ? counted : `${counted}; ${why}`,
  };
}

/** The surest of each dialect's variants: the usual one where they are as sure. */
function bestOfEach(judged: Judged[]): Guess[] {
  const best = new Map<string, Guess>();
  for (const candidate of judged) {
    if (!isLikely(candidate)) continue;
    const guess = guessOf(candidate);
    const known = best.get(guess.dialect);
    if (!known || guess.confidence > known.confidence) best.set(guess.dialect, guess);
  }
  return [...best.values()].sort((a, b) => b.confidence - a.confidence);
}
