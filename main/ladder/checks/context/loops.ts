import type { Loop } from '../../../../common/transcript/index.ts';
import type { TranscriptFile } from '../../read/transcript-file.ts';
import { at, counted, createAgentCheck, fromAll, inFiles, sum } from '../agent-check.ts';

/** The same call with the same result so often in one turn goes in circles. */
const usualRepeats = 5;
/** Fewer, when nothing else was done in between. */
const fewRepeats = 4;
/** Other calls between two of them, on average: more is work that looks at the same thing now and then. */
const mostBetween = 6;
/** Microseconds between two of them, on average: slower is waiting for something. */
const waitsFrom = 20e6;
/** It waits by itself. */
const waiting = /\b(?:sleep|wait\w*|watch|until|poll\w*|Start-Sleep)\b/i;
/** So many times more may be waited for something. */
const waitsMore = 6;

/** Whether an agent makes the same call again and again and learns nothing from it. */
export const loopsCheck = createAgentCheck({
  id: 'context.loops',
  rung: 2,
  title: 'Goes in no circles',
  judge(seen, limit) {
    const { name } = seen.agent;
    const calls = sum(seen, ({ facts }) => facts.loops.calls);
    if (calls === 0) return noCalls(name, inFiles(seen));
    const all = fromAll(seen, ({ facts }) => facts.loops.loops.items).sort(
      (a, b) => b.fact.times - a.fact.times,
    );
    const repeats = limit('context.loops', usualRepeats);
    // Tried again because it failed: that is its tool's fault, and rung 3 looks at it.
    const isRetried = (file: TranscriptFile, fact: Loop) => isFailing(file, fact) && !isStubborn(file, fact);
    const retried = all.filter(({ file, fact }) => isRetried(file, fact));
    const circles = all.filter(({ file, fact }) => !isRetried(file, fact) && isCircle(fact, repeats));
    const failing = circles.filter(({ fact }) => fact.times >= repeats);
    const suspect = circles.filter(({ fact }) => fact.times >= repeats || fact.others === 0);
    const note = retried[0]
      ? ` ${counted(retried.length, 'call')} failed and was tried again up to ${retried[0].fact.times} times, which rung 3 looks at.`
      : '';
    const worst = failing[0] ?? suspect[0];
    const places = [...circles, ...retried].flatMap(({ file, fact }) => [
      { file, source: fact.source, what: `${fact.tool}, the first of ${fact.times} with the same result` },
      { file, source: fact.lastSource, what: `${fact.tool}, the last of them` },
    ]);
    if (!worst)
      return {
        result: 'pass',
        says: `${name} goes in no circles: ${counted(calls, 'call')} ${inFiles(seen)}, none made again and again for the same result.${note}`,
        rulesOut: `That ${name} repeats itself without learning anything.`,
        places,
      };
    return {
      result: failing[0] ? 'fail' : 'warn',
      says: `${name} goes in circles: ${worst.fact.tool} (${worst.fact.input}) ${worst.fact.times} times with the same result, from ${at(worst.file, worst.fact.source)} to line ${worst.fact.lastSource.line}${suspect.length > 1 ? `, and ${suspect.length - 1} more` : ''}, of ${counted(calls, 'call')}.${note}`,
      next: `Read these lines: what ${name} waits for or doesn't take in. Stop it, and start it afresh with what it missed.`,
      places,
    };
  },
});

const isFailing = ({ facts }: TranscriptFile, loop: Loop) =>
  loop.isError ||
  (facts.failedCalls.has(loop) && facts.failedCalls.has({ ...loop, source: loop.lastSource }));

/** The same thing that can't work, with little else in between: no tool mends that. */
const isStubborn = ({ facts }: TranscriptFile, loop: Loop) =>
  facts.failedCalls.isLasting({ ...loop, source: loop.lastSource }) && loop.others < loop.times;

function isCircle({ tool, input, times, others, span }: Loop, repeats: number): boolean {
  if (waiting.test(`${tool} ${input}`)) return times >= repeats * waitsMore;
  if (times < Math.min(fewRepeats, repeats) || others / (times - 1) > mostBetween) return false;
  return span === null || span / (times - 1) < waitsFrom;
}

/** Without a call there is nothing to say of calls. */
export function noCalls(name: string, where: string) {
  return {
    result: 'unknown' as const,
    says: `${name} made no call ${where}, so nothing can be told of its calls.`,
    next: 'Wait until it has worked, or check that its transcripts hold its calls.',
    places: [],
  };
}
