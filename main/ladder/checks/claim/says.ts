import { setTimeout as pause } from 'node:timers/promises';
import { cutText } from '../../../../common/lib/cut-text.ts';
import type { ProfileAgreement, ProfileClaim, ProfileReading } from '../../../../common/profile/index.ts';
import { readReading, type Reading, type ReadingProblem } from '../../read/reading.ts';
import type { Check, CheckEvidence, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { failingTool } from '../tools/explains.ts';
import { agrees, numberOf } from './agreement.ts';

/** Once is not enough (LADDER): what is read between two steps of a system that runs may be apart for a moment. */
const looks = 3;
const usualPause = 300;

/** One place that shows it: whether it agrees, or why that can't be told. */
type Look = Shown | ReadingProblem;
interface Shown {
  shown: Reading;
  agreed: boolean;
}

/** Whether what a part of the system says of itself is so, by what shows it. `pauseMs` lies between two looks. */
export function createSaysCheck(pauseMs = usualPause): Check {
  return {
    id: 'claim.says',
    rung: 1,
    title: 'What it says is so',
    effect: 'none',
    timeoutMs: 60_000,
    subjects: ({ claims }) => claims.map(({ name }) => name),
    async run(subject, context) {
      const claim = context.profile.claims.find(({ name }) => name === subject)!;
      let found = await look(claim, context);
      for (let i = 1; i < looks && found.result === 'fail' && !context.signal.aborted; i++) {
        await pause(pauseMs, undefined, { signal: context.signal });
        found = await look(claim, context);
      }
      return explained(claim, found, context);
    },
  };
}

/** What is said or shown by what is not well itself is explained by that. */
async function explained({ says, shows }: ProfileClaim, found: Found, context: CheckContext): Promise<Found> {
  if (found.result !== 'fail') return found;
  const places: readonly ProfileReading[] = [says, ...(shows.by === 'several' ? shows.of : [shows])];
  const tool = await failingTool(
    context,
    places.map((place) => ({
      service:
        place.by === 'http'
          ? place.service
          : place.by === 'channel'
            ? place.channel.split('/')[0]
            : undefined,
      table: place.by === 'table' ? place.table : undefined,
      isChannel: place.by === 'channel',
    })),
  );
  return tool === null ? found : { ...found, result: 'unknown', explainedBy: tool };
}

async function look(claim: ProfileClaim, context: CheckContext): Promise<Found> {
  const { says, shows, agree } = claim;
  const said = await readReading(context, says);
  if ('says' in said) return cantTell(said, `What is claimed can't be read. ${said.says}`, []);
  if (said.value === null)
    return cantTell(
      { says: '', next: 'Look whether it says it in other words now.' },
      `${said.where} does not say it now, so there is nothing to hold against the system.`,
      said.evidence,
    );
  const places: readonly ProfileReading[] = shows.by === 'several' ? shows.of : [shows];
  const least = shows.by === 'several' ? shows.least : 1;
  const results: Look[] = [];
  for (const place of places) results.push(await lookAt(place, said, agree, says, context));
  return judge(claim, said, results, least);
}

async function lookAt(
  place: ProfileReading,
  said: Reading,
  agree: ProfileAgreement,
  says: ProfileReading,
  context: CheckContext,
): Promise<Look> {
  const shown = await readReading(context, place);
  if ('says' in shown) return shown;
  const first = agrees(said, shown, agree);
  if (first === null)
    return {
      says: `${text(said.value)} (${said.where}) and ${text(shown.value)} (${shown.where}) can't be compared.`,
      next: 'Look at what the profile takes from each: both have to be numbers, or times.',
    };
  if (first || agree.how !== 'equal') return { shown, agreed: first };
  // It may have gone on while the other was read.
  const later = await readReading(context, says);
  const agreed =
    !('says' in later) && (agrees(later, shown, agree) === true || isBetween(said, shown, later));
  return { shown, agreed };
}

function isBetween(said: Reading, shown: Reading, later: Reading): boolean {
  const [from, at, to] = [said, shown, later].map(({ value }) => numberOf(value));
  return from != null && at != null && to != null && from <= at && at <= to;
}

function judge(claim: ProfileClaim, said: Reading, results: readonly Look[], least: number): Found {
  const unread = results.filter((result): result is ReadingProblem => 'says' in result);
  const read = results.filter((result): result is Shown => !('says' in result));
  const agreed = read.filter((result) => result.agreed);
  const evidence = [...said.evidence, ...read.flatMap(({ shown }) => shown.evidence)];
  const words = `“${cutText(claim.text, 200)}” ${said.where} says ${text(said.value)}`;
  if (agreed.length >= least)
    return {
      result: 'pass',
      says: `${words}; ${agreed.map(({ shown }) => told(shown)).join(', ')}.`,
      rulesOut: 'That this is claimed and not so.',
      evidence,
    };
  const [problem] = unread;
  if (problem && agreed.length + unread.length >= least)
    return cantTell(problem, `${words}. What shows it can't be read: ${problem.says}`, evidence);
  const apart = read.filter((result) => !result.agreed);
  const doubt = apart.find(({ shown }) => shown.doubt !== undefined)?.shown.doubt;
  const shownWords = apart.map(({ shown }) => told(shown)).join(', ');
  if (doubt !== undefined)
    return {
      result: 'warn',
      says: `${words}, but ${shownWords}, which is empty altogether.`,
      next: 'Find out whether its rows are hidden from this key before you believe either.',
      explainedBy: doubt,
      evidence,
    };
  const of = results.length > 1 ? ` ${agreed.length} of ${results.length} show it, ${least} have to.` : '';
  return {
    result: 'fail',
    says: `${words}, but ${shownWords}${limits(claim.agree)}.${of}`,
    next: `Believe what is shown, not what is said, and follow how ${said.where} comes to say it.`,
    rulesOut: `That what ${said.where} says can be relied on.`,
    evidence,
  };
}

const cantTell = (
  { next, explainedBy, evidence: own = [] }: ReadingProblem,
  says: string,
  evidence: CheckEvidence[],
): Found => ({
  result: 'unknown',
  says,
  next,
  ...(explainedBy !== undefined && { explainedBy }),
  evidence: [...evidence, ...own],
});

const told = ({ where, value }: Reading) =>
  value === null ? `${where} shows nothing` : `${where} shows ${text(value)}`;

const text = (value: unknown) => cutText(typeof value === 'string' ? value : JSON.stringify(value), 120);

function limits(agree: ProfileAgreement): string {
  if (agree.how === 'equal' && agree.tolerance > 0) return ` (${agree.tolerance} apart are allowed)`;
  if (agree.how === 'equal' && agree.ratio > 0) return ` (${agree.ratio * 100} % apart are allowed)`;
  if (agree.how === 'after' && agree.within !== undefined) return ` (within ${agree.within} s after it)`;
  return '';
}
