import { utf8 } from '../../../../common/lib/bytes.ts';
import { cutText } from '../../../../common/lib/cut-text.ts';
import type { Change } from '../../../../common/schema/index.ts';
import type { Check, CheckEvidence, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { consumersOf, struckBy, type Consumer } from '../../read/consumers.ts';
import { isOfForm, payloadNow, type PayloadNow } from '../../read/payload-change.ts';
import { placeNamed, placesOf, type Place } from '../../read/places.ts';
import { rowsEvidence } from '../../read/rows.ts';
import { answerProblem } from '../tools/answer-problem.ts';
import { documentTroubles, profileTroubles, type Trouble } from './row-troubles.ts';

const mostSaid = 700;
/** That are told beside the first. */
const mostTold = 3;

/** Whether rows still have the form that those who read them rely on: against the baseline, the profile, the service's word. */
export const payloadCheck: Check = {
  id: 'schema.payload',
  rung: 4,
  title: 'Rows have the form that their readers rely on',
  effect: 'none',
  timeoutMs: 60_000,
  subjects: (profile) => placesOf(profile).map(({ name }) => name),
  async run(subject, context) {
    const place = placeNamed(context.profile, subject);
    const now = await payloadNow(context, place);
    const found = verdict(place, now, context);
    return { ...found, says: cutText(found.says, mostSaid), evidence: evidenceOf(place, now) };
  },
};

function verdict(place: Place, now: PayloadNow, context: CheckContext): Found {
  const { read, rows, diff } = now;
  const consumers = consumersOf(context.profile, place);
  if (read.problem !== null) return unread(place, now, consumers);
  if (read.rows.length === 0)
    return { result: 'unknown', says: `${place.name} has no rows, so nothing can be told of their form.` };
  const looked = rows.length > 0 ? rows : read.rows.slice(-500);
  const compared = (diff?.compared ?? 0) > 0;
  const troubles = [
    ...profileTroubles(place, looked, context.now()),
    ...(diff?.changes ?? []).filter(isOfForm).map(troubleOf),
    ...(!compared && now.schema !== undefined ? documentTroubles(looked, now.schema, now.document) : []),
  ].map((trouble) => ({ ...trouble, who: struckBy(consumers, trouble.field) }));
  // Where nobody is known to read anything, whoever does may be struck.
  const weighed = troubles.map((trouble) =>
    trouble.who.length === 0 && consumers.length > 0 ? { ...trouble, result: 'warn' as const } : trouble,
  );
  return weighed.length > 0 ? troubled(place, weighed) : well(place, now, compared, context);
}

const troubleOf = ({ path, kind, says }: Change): Trouble => ({
  result: kind === 'precision' ? 'warn' : 'fail',
  field: path,
  says,
});

/** What was answered well and has no list where the profile says, has another form; what was not answered is of rung 3. */
function unread({ name, explainedBy }: Place, { read }: PayloadNow, consumers: Consumer[]): Found {
  const last = read.seen.at(-1);
  const isAnswered = last?.answer && answerProblem(last) === null && isJson(last.answer.body);
  if (!isAnswered)
    return {
      result: 'unknown',
      says: `${name} can't be read, so nothing can be told of its form: ${read.problem}`,
      next: read.next,
      explainedBy,
    };
  const who = [...new Set(consumers.map((each) => each.name))];
  return {
    result: 'fail',
    says: `${name}: ${read.problem} ${struck(who)}`,
    next: `Compare the answer with what it was, and look at what was deployed to ${name.split(' ')[0]} last.`,
  };
}

function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(body));
    return true;
  } catch {
    // Not JSON at all is told on rung 3.
    return false;
  }
}

function troubled({ name }: Place, troubles: (Trouble & { who: string[] })[]): Found {
  const sorted = [...troubles].sort((a, b) => Number(b.result === 'fail') - Number(a.result === 'fail'));
  const [first, ...others] = sorted;
  const more = others.slice(0, mostTold - 1).map(({ says }) => says);
  const left = others.length - more.length;
  const who = [...new Set(sorted.flatMap((each) => each.who))];
  return {
    result: first!.result,
    says: [`${name}: ${first!.says}`, ...more, left > 0 ? `${left} more.` : '', struck(who)]
      .filter(Boolean)
      .join(' '),
    next: `Look at what was deployed to ${name.split(' ')[0]} last: put its form back, or change those who read it.`,
  };
}

const struck = (who: string[]) =>
  who.length === 0
    ? 'Nobody in the profile reads it.'
    : `It strikes ${who.slice(0, 6).join(', ')}${who.length > 6 ? ` and ${who.length - 6} more` : ''}.`;

function well({ name, invariants }: Place, now: PayloadNow, compared: boolean, context: CheckContext): Found {
  const { rows, read, diff, before, schema } = now;
  const by = [
    ...(compared ? [`the baseline of ${before!.rows} rows`] : []),
    ...(invariants.length > 0 ? [`${invariants.length} invariants`] : []),
    ...(!compared && schema !== undefined ? ["the service's own OpenAPI document"] : []),
  ];
  if (before && !compared)
    return {
      result: 'unknown',
      says: `${name}: too few rows to compare with the baseline (${rows.length} of 20 since then, ${before.rows} of 20 in it). What there is fits ${by.join(' and ') || 'what little the profile says'}.`,
      next: 'Wait until more parts have passed, then run this again.',
    };
  if (!compared) {
    const why = context.baseline() ? `the baseline has none of ${name}` : 'no baseline';
    const fits = by.length > 0 ? ` Its ${read.rows.length} rows fit ${by.join(' and ')}.` : '';
    return {
      result: 'unknown',
      says: `${name}: ${why}, so that its form did not change can't be told.${fits}`,
      next: 'Take a baseline when all is well: warroom baseline take PROFILE --out FILE.',
    };
  }
  const notes = diff!.changes.map(({ says }) => says);
  const noted = notes.length > 0 ? ` Noted: ${notes.slice(0, 2).join(' ')}` : '';
  return {
    result: 'pass',
    says: `${name}: ${rows.length} rows since the baseline have the form of it (${diff!.compared} fields), and fit ${by.join(' and ')}.${noted}`,
    rulesOut: `That the form of ${name} changed for those who read it.`,
  };
}

function evidenceOf(place: Place, { read, diff }: PayloadNow): CheckEvidence[] {
  const file = place.name.replace(/[^\w.-]+/g, '-');
  const told = diff ? JSON.stringify({ changes: diff.changes, unknown: diff.unknown }, null, 2) : null;
  return [
    ...(read.seen.length > 0 ? [rowsEvidence(`${file}.txt`, read)] : []),
    ...(told === null ? [] : [{ name: `${file}-form.json`, media: 'application/json', bytes: utf8(told) }]),
  ];
}
