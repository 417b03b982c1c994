import { cutText } from '../../../../common/lib/cut-text.ts';
import type { ProfileGolden } from '../../../../common/profile/index.ts';
import type { Check, CheckEvidence, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { exchangeEvidence } from '../../http/exchange.ts';
import { askGolden, type GoldenAsked } from '../../read/golden.ts';
import { fits, latencyOf, type GoldenField } from './golden-fit.ts';

const mostSaid = 700;
const shown = 3;
/** Answers of which the evidence has the raw text. */
const mostExchanges = 24;

/** Whether known questions get their known answers. Each is asked again and again: what changed is not what is never the same. */
export const goldenCheck: Check = {
  id: 'model.golden',
  rung: 5,
  title: 'Known questions get known answers',
  effect: 'load',
  timeoutMs: 300_000,
  subjects: ({ golden }) => golden.map(({ name }) => name),
  async run(subject, context) {
    const golden = context.profile.golden.find(({ name }) => name === subject)!;
    const asked = await askGolden(context, golden);
    const found = verdict(golden, asked, context);
    return { ...found, says: cutText(found.says, mostSaid), evidence: evidenceOf(subject, asked) };
  },
};

interface Judged {
  id: string;
  field: string;
  is: 'same' | 'changed' | 'varies' | 'untold';
  says: string;
}

function verdict(golden: ProfileGolden, asked: GoldenAsked[], context: CheckContext): Found {
  const answered = asked.filter(({ answers }) => answers.length > 0);
  const [unanswered] = asked.filter(({ answers }) => answers.length === 0);
  if (answered.length === 0)
    return {
      result: 'unknown',
      says: `${golden.name}: no question was answered: ${unanswered?.problems[0] ?? 'none was asked'}`,
      next: `See to ${golden.service} first (rung 3).`,
      explainedBy: `tools.service ${golden.service}`,
    };
  const kept = context.baseline()?.golden.find(({ name }) => name === golden.name)?.answers ?? [];
  const judged = answered.flatMap((one) => {
    const before = kept.find(({ id }) => id === one.id);
    const known = { ...before?.values, ...golden.expected[one.id] };
    return golden.fields.map((field) => judge(one, field, known));
  });
  const of = (is: Judged['is']) => judged.filter((each) => each.is === is);
  const [changed, varies, untold] = [of('changed'), of('varies'), of('untold')];
  const late = latencyOf(golden, answered, kept);
  const ids = new Set(changed.map(({ id }) => id)).size;
  const count = `${answered.length} questions, each asked ${golden.repeats} times`;
  if (changed.length > 0)
    return {
      result: 'fail',
      says: `${golden.name}: ${ids} of ${count}, are answered otherwise: ${list(changed)}`,
      next: 'Compare the fingerprints: weights, labels, preprocessing, runtime, prompt. Then put back what changed.',
      rulesOut: 'That only the input or the mix of parts is another: the input was the same.',
    };
  if (late) return late;
  if (varies.length > 0)
    return {
      result: 'warn',
      says: `${golden.name}: of ${count}, some are not answered the same each time: ${list(varies)}`,
      next: 'Look for what is random: sampling, temperature, a mixture of versions behind one address.',
    };
  if (unanswered)
    return {
      result: 'warn',
      says: `${golden.name}: ${asked.length - answered.length} of ${asked.length} questions were not answered (${unanswered.id}: ${unanswered.problems[0]}); the others as they were.`,
      next: `Look at the log of ${golden.service} for that question.`,
    };
  if (untold.length === judged.length)
    return {
      result: 'unknown',
      says: `${golden.name}: ${count}, are answered alike each time; what they are to be, neither the profile nor a baseline says.`,
      next: 'Write what is expected into the profile, or take a baseline when all is well.',
    };
  const rest = untold.length > 0 ? ` Of ${untold.length} fields it is not known.` : '';
  return {
    result: 'pass',
    says: `${golden.name}: ${count}, are answered as they were.${rest}`,
    rulesOut: `That the model behind ${golden.service} changed for these questions.`,
  };
}

function list(judged: Judged[]): string {
  const told = judged.slice(0, shown).map(({ says }) => says);
  return `${told.join('; ')}${judged.length > shown ? `; and ${judged.length - shown} more` : ''}.`;
}

/** Changed where most of its answers do not fit; varies where they do not fit each other. */
function judge({ id, answers }: GoldenAsked, field: GoldenField, known: Record<string, unknown>): Judged {
  const name = field.field;
  const values = answers.map((answer) => answer[name]);
  const isKnown = Object.hasOwn(known, name);
  const misfits = values.filter((value) => !fits(field, isKnown ? known[name] : values[0], value));
  const says = `${id} \`${name}\` ${isKnown ? `was ${text(known[name])}` : `is once ${text(values[0])}`} and is ${text(misfits[0])} in ${misfits.length} of ${values.length}`;
  const is =
    misfits.length === 0
      ? isKnown
        ? 'same'
        : 'untold'
      : isKnown && misfits.length * 2 > values.length
        ? 'changed'
        : 'varies';
  return { id, field: name, is, says };
}

const text = (value: unknown) => (value === undefined ? 'missing' : cutText(JSON.stringify(value), 60));

function evidenceOf(name: string, asked: GoldenAsked[]): CheckEvidence[] {
  const seen = asked.flatMap((each) => each.seen.slice(0, 2)).slice(0, mostExchanges);
  return seen.length > 0 ? [exchangeEvidence(`${name}-golden.txt`, seen)] : [];
}
