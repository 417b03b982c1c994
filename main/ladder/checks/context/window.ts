import type { ContextFact } from '../../../../common/transcript/index.ts';
import type { AgentTranscripts } from '../../read/transcripts.ts';
import type { Place } from '../../read/transcript-excerpt.ts';
import type { TranscriptFile } from '../../read/transcript-file.ts';
import { counted, createAgentCheck, fromAll, inFiles, type Judged, type Limit } from '../agent-check.ts';

/** Of the window: past it an agent is about to lose what it was told, or has no room to answer. */
const usualShare = 0.9;
/** Near the limit is told before it. */
const nearBy = 0.1;
/** Each compaction loses some; by so many the beginning is gone. */
const usualCompactions = 5;
/** More than fits was never sent: then the window is another one. */
const mostPlausible = 1.05;

interface Thread {
  file: TranscriptFile;
  fact: ContextFact;
}

/** How full, how old and how often compacted the context of an agent is. */
export const windowCheck = createAgentCheck({
  id: 'context.window',
  rung: 2,
  title: 'Context has room',
  judge(seen, limit) {
    const threads = fromAll(seen, ({ facts }) => facts.context);
    const wrong = threads.find(({ fact }) => (fact.mostShare ?? 0) > mostPlausible);
    if (wrong) return wrongWindow(seen, wrong);
    return (
      tooMuch(seen, threads, limit) ??
      near(seen, threads, limit) ??
      (threads.some(({ fact }) => fact.share !== null) ? roomy(seen, threads) : notTold(seen, threads))
    );
  },
});

const most = (threads: Thread[], of: (fact: ContextFact) => number | null): Thread | undefined =>
  threads.reduce<Thread | undefined>(
    (best, each) => ((of(each.fact) ?? 0) > (best ? (of(best.fact) ?? 0) : 0) ? each : best),
    undefined,
  );

const share = ({ share: now }: ContextFact) => now;
const compactions = ({ compactions: { count } }: ContextFact) => count;
const turns = (fact: ContextFact) => fact.turns;
const hours = ({ startedAt, endedAt }: ContextFact) =>
  startedAt === null || endedAt === null ? null : (endedAt - startedAt) / 3.6e9;

function tooMuch(seen: AgentTranscripts, threads: Thread[], limit: Limit): Judged | null {
  const limits: [Thread | undefined, (fact: ContextFact) => number | null, number, string][] = [
    [most(threads, share), share, limit('context.share', usualShare), 'of its window is full'],
    [
      most(threads, compactions),
      compactions,
      limit('context.compactions', usualCompactions),
      'compactions in one session',
    ],
    // How long a session may be nobody can tell but the profile.
    [most(threads, turns), turns, limit('context.turns', Infinity), 'turns in one session'],
    [most(threads, hours), hours, limit('context.hours', Infinity), 'hours in one session'],
  ];
  const passed = limits.find(([thread, of, bound]) => thread && (of(thread.fact) ?? 0) >= bound);
  if (!passed) return null;
  const [thread, of, bound, what] = passed;
  const number = (value: number) => (of === share ? percent(value) : String(Math.round(value * 10) / 10));
  return {
    result: 'fail',
    says: `${seen.agent.name}: ${number(of(thread!.fact)!)} ${what}, where ${number(bound)} is the limit (${told(thread!)}).`,
    next: `Start ${seen.agent.name} afresh with its rules and the state of the work, then see whether the fault stays.`,
    places: placesOf(thread!),
  };
}

function near(seen: AgentTranscripts, threads: Thread[], limit: Limit): Judged | null {
  const fullest = most(threads, share);
  const often = most(threads, compactions);
  const isFull = (fullest?.fact.share ?? 0) >= limit('context.share', usualShare) - nearBy;
  const isOften =
    (often?.fact.compactions.count ?? 0) >= Math.ceil(limit('context.compactions', usualCompactions) * 0.6);
  const thread = isFull ? fullest : isOften ? often : undefined;
  return (
    (thread && {
      result: 'warn',
      says: `${seen.agent.name} is near the end of its context: ${told(thread)}.`,
      next: 'Have it write down what matters before its context is compacted, or start it afresh.',
      places: placesOf(thread),
    }) ??
    null
  );
}

function roomy(seen: AgentTranscripts, threads: Thread[]): Judged {
  const fullest = most(threads, share) ?? threads[0]!;
  return {
    result: 'pass',
    says: `${seen.agent.name} has room: ${told(fullest)}, the fullest of ${counted(threads.length, 'session')} ${inFiles(seen)}.`,
    rulesOut: `That ${seen.agent.name} lost what it was told for want of room.`,
    places: placesOf(fullest),
  };
}

function notTold(seen: AgentTranscripts, threads: Thread[]): Judged {
  const { agent } = seen;
  const missing =
    agent.windowTokens === undefined
      ? 'the profile does not say how many tokens its window has'
      : 'its transcripts tell no tokens';
  const worst = most(threads, compactions);
  return {
    result: 'unknown',
    says: `How full the context of ${agent.name} is can't be told: ${missing}. ${worst ? told(worst) : 'No compaction'} ${inFiles(seen)}.`,
    next: agent.windowTokens === undefined ? `Say \`windowTokens\` of ${agent.name} in the profile.` : '',
    places: worst ? placesOf(worst) : [],
  };
}

function wrongWindow({ agent }: AgentTranscripts, thread: Thread): Judged {
  return {
    result: 'unknown',
    says: `${agent.name} was sent ${thread.fact.mostTokens} tokens, more than the ${agent.windowTokens} that the profile tells of its window (${told(thread)}): the window must be another one.`,
    next: `Correct \`windowTokens\` of ${agent.name} in the profile.`,
    places: placesOf(thread),
  };
}

const percent = (value: number) => `${Math.round(value * 100)} %`;

/** As `182 000 tokens, 91 % of its window, 2 compactions, 40 turns in 3.1 h: a.jsonl`. */
function told({ file, fact }: Thread): string {
  const { tokens, turns: said, compactions: lost } = fact;
  const age = hours(fact);
  const parts = [
    ...(tokens === null ? [] : [`${tokens} tokens`]),
    ...(fact.share === null ? [] : [`${percent(fact.share)} of its window`]),
    counted(lost.count, 'compaction'),
    `${counted(said, 'turn')}${age === null ? '' : ` in ${age < 1 ? `${Math.round(age * 60)} min` : `${age.toFixed(1)} h`}`}`,
  ];
  const last = lost.items.at(-1);
  return `${parts.join(', ')}: ${file.path.split(/[/\\]/).at(-1)}${last ? ` line ${last.source.line}` : ''}`;
}

const placesOf = ({ file, fact }: Thread): Place[] =>
  fact.compactions.items.map(({ source, marker, before, after }) => ({
    file,
    source,
    what: `compaction (${marker}), ${before ?? '?'} tokens before and ${after ?? '?'} after`,
  }));
