import type { DoubtfulClaim } from '../../../../common/transcript/index.ts';
import { verdictOf, type ClaimVerdict } from '../../read/claim-verdicts.ts';
import type { TranscriptFile } from '../../read/transcript-file.ts';
import { at, counted, createAgentCheck, fromAll, inFiles, sum } from '../agent-check.ts';

interface Doubt {
  file: TranscriptFile;
  fact: DoubtfulClaim;
  verdict: ClaimVerdict;
}

/** What an agent says that it did, held against the calls that it made. */
export const agentClaimsCheck = createAgentCheck({
  id: 'claim.agent',
  rung: 1,
  title: 'Did what it says',
  judge(seen) {
    const { name } = seen.agent;
    const claims = sum(seen, ({ facts }) => facts.claims.claims);
    const turns = sum(seen, ({ facts }) => facts.context.reduce((total, each) => total + each.turns, 0));
    const doubts = fromAll(seen, ({ facts }) => facts.claims.doubtful.items).map((each): Doubt => ({
      ...each,
      verdict: verdictOf(each.fact, each.file),
    }));
    const of = (verdict: ClaimVerdict) => doubts.filter((each) => each.verdict === verdict);
    const [wrong, explained, weak] = [of('false'), of('explained'), of('weak')];
    const places = [...wrong, ...explained, ...weak].flatMap(placesOf);
    const ofAll = `of ${counted(claims, 'claim')} ${inFiles(seen)}`;
    if (wrong[0])
      return {
        result: 'fail',
        says: `${name}: ${wrong.length} ${ofAll} ${wrong.length === 1 ? 'does' : 'do'} not hold. ${told(wrong[0])}`,
        next: `Hold what ${name} says against the system itself, and do what it only said.`,
        places,
      };
    if (explained[0])
      return {
        result: 'unknown',
        says: `${name}: ${explained.length} ${ofAll} ${explained.length === 1 ? 'rests' : 'rest'} on a call that failed, which nobody said. ${told(explained[0])}`,
        explainedBy: `tools.unsurfaced ${name}`,
        next: 'Look at the failed call on rung 3 first.',
        places,
      };
    if (weak[0])
      return {
        result: 'warn',
        says: `${name}: ${weak.length} ${ofAll} can't be seen in its calls. ${told(weak[0])}`,
        next: 'Read these lines, and look whether it was done.',
        places,
      };
    return {
      result: 'pass',
      says: `${name} did what it says: ${claims === 0 ? `it claims nothing ${inFiles(seen)}` : `all ${ofAll} have a call that could have done it`}, ${counted(turns, 'turn')}.`,
      rulesOut: `That ${name} claims what it never did, as far as its calls show.`,
      places,
    };
  },
});

const doubtWords: Record<DoubtfulClaim['doubt'], (claim: DoubtfulClaim) => string> = {
  'no-call': ({ callsOfTurn }) =>
    callsOfTurn === 0
      ? 'but made no call in that turn'
      : `but none of the ${counted(callsOfTurn, 'call')} of that turn could have done it`,
  failed: ({ call }) =>
    `but ${call!.tool} (${call!.input}) failed: ${(call!.sign?.says ?? '').replace(/\.$/, '')}, line ${call!.resultSource?.line ?? call!.source.line}`,
  'no-result': ({ call }) => `but ${call!.tool} (${call!.input}), line ${call!.source.line}, has no result`,
};

const told = ({ file, fact }: Doubt) =>
  `It says "${fact.sentence}", ${at(file, fact.source)}, ${doubtWords[fact.doubt](fact)}.`;

const placesOf = ({ file, fact }: Doubt) => [
  ...(fact.call ? [{ file, source: fact.call.source, what: `the call, ${fact.call.tool}` }] : []),
  ...(fact.call?.resultSource
    ? [{ file, source: fact.call.resultSource, what: `its result: ${fact.call.sign?.says ?? ''}` }]
    : []),
  { file, source: fact.source, what: `claims "${fact.words}" (${fact.kind})` },
];
