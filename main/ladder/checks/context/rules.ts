import type { BrokenRule, LostRule } from '../../../../common/transcript/index.ts';
import type { AgentTranscripts } from '../../read/transcripts.ts';
import type { Place } from '../../read/transcript-excerpt.ts';
import type { TranscriptFile } from '../../read/transcript-file.ts';
import { at, counted, createAgentCheck, fromAll, inFiles, sum, type Judged } from '../agent-check.ts';

/** So many calls after it was stated it was kept first and broken then. */
const lateCalls = 5;
/** A summary that has so much of a rule's words may say it in others. */
const paraphrased = 0.4;

interface Of<T> {
  file: TranscriptFile;
  fact: T;
}

/** Whether an agent still keeps the rules that it was told: kept early and broken late, or lost by a compaction. */
export const rulesCheck = createAgentCheck({
  id: 'context.rules',
  rung: 2,
  title: 'Keeps its rules',
  judge(seen) {
    const stated = sum(seen, ({ facts }) => facts.rules.stated);
    if (stated + seen.rules.count === 0) return noRules(seen);
    const broken = fromAll(seen, ({ facts }) => facts.rules.broken.items);
    const lost = fromAll(seen, ({ facts }) => facts.rules.lost.items).filter(({ fact }) => !fact.isRestated);
    const places = [...broken.map(brokenPlace), ...lost.map(lostPlace)];
    const late = broken.filter(({ fact }) => isLate(fact));
    const gone = lost.filter(({ fact }) => fact.coverage < paraphrased);
    const found = late[0] ?? broken[0];
    if (found) return { ...brokenFinding(seen, found, broken.length, gone), places };
    if (lost[0]) return { ...lostFinding(seen, gone[0] ?? lost[0], lost.length), places };
    return { ...kept(seen, stated), places };
  },
});

const isLate = ({ compactionsSince, keptBefore, turnsSince, callsSince }: BrokenRule) =>
  compactionsSince > 0 || keptBefore > 0 || turnsSince > 0 || callsSince >= lateCalls;

function brokenFinding(
  { agent: { name } }: AgentTranscripts,
  { file, fact }: Of<BrokenRule>,
  count: number,
  gone: Of<LostRule>[],
): Omit<Judged, 'places'> {
  const { rule, call, turnsSince, callsSince, compactionsSince, keptBefore, statedAt } = fact;
  const since = [
    counted(turnsSince, 'turn'),
    counted(callsSince, 'call'),
    counted(compactionsSince, 'compaction'),
  ].join(', ');
  const isLost = gone.some(
    ({ fact: other, file: of }) =>
      of === file && other.rule === rule && other.compaction.line < call.source.line,
  );
  const told = statedAt ? `stated in line ${statedAt.line}` : 'of the profile';
  return {
    result: isLate(fact) ? 'fail' : 'warn',
    says: `${name} broke a rule ${told}, "${rule}": ${call.tool} (${call.input}), ${at(file, call.source)}, after ${since}${keptBefore > 0 ? `, kept ${counted(keptBefore, 'time')} before` : ''}${isLost ? '; a compaction had lost it' : ''}${count > 1 ? `; ${count - 1} more` : ''}.`,
    next: `Undo what it did if need be, state the rule again, and put it where no compaction takes it.`,
  };
}

function lostFinding(
  { agent: { name } }: AgentTranscripts,
  { file, fact }: Of<LostRule>,
  count: number,
): Omit<Judged, 'places'> {
  const { rule, compaction, coverage, statedAt } = fact;
  return {
    result: coverage < paraphrased ? 'fail' : 'warn',
    says: `A compaction lost a rule of ${name}, "${rule}"${statedAt ? `, stated in line ${statedAt.line}` : ''}: what was left has ${Math.round(coverage * 100)} % of its words, ${at(file, compaction)}${count > 1 ? `; ${count - 1} more` : ''}.`,
    next: `State the rule again, and put it into the instructions of ${name}, where no compaction takes it.`,
  };
}

function kept(seen: AgentTranscripts, stated: number): Omit<Judged, 'places'> {
  const { name } = seen.agent;
  const unseen = sum(seen, ({ facts }) => facts.rules.compactionsUnseen);
  if (unseen > 0 && stated > 0)
    return {
      result: 'unknown',
      says: `${name} broke none of its rules, but ${counted(unseen, 'compaction')} of its context left no summary to look at, so that whether ${counted(stated, 'rule')} stated in it outlived them can't be told.`,
      next: 'Ask it what it was told never to do.',
    };
  return {
    result: 'pass',
    says: `${name} keeps its rules: none of ${counted(stated, 'stated rule')} and ${seen.rules.count} of the profile broken or lost ${inFiles(seen)}.`,
    rulesOut: `That ${name} does what it was told not to, as far as its calls show.`,
  };
}

function noRules({ agent: { name }, rules }: AgentTranscripts): Judged {
  const { missing } = rules;
  return {
    result: 'unknown',
    says: `No rule of ${name} is known: the profile tells none and nobody stated one${missing.length > 0 ? `; looked for ${missing.join(', ')}` : ''}.`,
    next: `Say \`rules\` of ${name} in the profile.`,
    places: [],
  };
}

const brokenPlace = ({ file, fact }: Of<BrokenRule>): Place => ({
  file,
  source: fact.call.source,
  what: `breaks "${fact.rule}"`,
});
const lostPlace = ({ file, fact }: Of<LostRule>): Place => ({
  file,
  source: fact.compaction,
  what: `loses "${fact.rule}"`,
});
