import { cutText } from '../../../../common/lib/cut-text.ts';
import type { Profile, ProfileService } from '../../../../common/profile/index.ts';
import { answerSchema, diffOpenApi, fieldsOf, type ApiChange } from '../../../../common/schema/index.ts';
import type { Check, Found } from '../../check.ts';
import type { CheckContext } from '../../context.ts';
import { exchangeEvidence } from '../../http/exchange.ts';
import { consumersOf, struckBy, type Consumer } from '../../read/consumers.ts';
import { readOpenApi, type OpenApiRead } from '../../read/openapi.ts';
import { placesOf, type Place } from '../../read/places.ts';

const mostSaid = 700;
const mostTold = 3;

/** Whether what a service says of itself still fits those who read it. */
export const openApiCheck: Check = {
  id: 'schema.openapi',
  rung: 4,
  title: 'OpenAPI document fits its readers',
  effect: 'none',
  subjects: ({ services }) => services.filter(({ openapi }) => openapi !== undefined).map(({ name }) => name),
  async run(subject, context) {
    const service = context.profile.services.find(({ name }) => name === subject)!;
    const read = (await readOpenApi(context, service))!;
    const found = verdict(service, read, context);
    const evidence = read.seen.length > 0 ? [exchangeEvidence(`${subject}-openapi.txt`, read.seen)] : [];
    return { ...found, says: cutText(found.says, mostSaid), evidence };
  },
};

function verdict({ name }: ProfileService, read: OpenApiRead, { profile, baseline }: CheckContext): Found {
  const { problem, document, digest } = read;
  const before = baseline()?.openapi.find(({ service }) => service === name);
  if (problem)
    return {
      result: problem.isAnswered && before ? 'fail' : 'unknown',
      says: `The OpenAPI document of ${name} can't be read: ${problem.says}`,
      next: problem.next,
      ...(!problem.isAnswered && { explainedBy: `tools.service ${name}` }),
    };
  const rulesOut = `That ${name} announced another form than its readers know.`;
  if (before?.digest === digest)
    return { result: 'pass', says: `The OpenAPI document of ${name} is the one of the baseline.`, rulesOut };
  if (!before || before.document === null)
    return {
      result: 'unknown',
      says: before
        ? `The OpenAPI document of ${name} is another than in the baseline, which was too large to keep: what changed can't be told.`
        : `No baseline of the OpenAPI document of ${name}: whether it changed can't be told.`,
      next: 'Take a baseline when all is well: warroom baseline take PROFILE --out FILE.',
    };
  const changes = diffOpenApi(before.document, document);
  const struck = changes.flatMap((change) => strikes(change, name, profile, before.document));
  if (struck.length === 0)
    return {
      result: 'pass',
      says: `The OpenAPI document of ${name} changed in ${changes.length} places, none of which breaks a reader in the profile.${changes[0] ? ` First: ${changes[0].says}` : ''}`,
      rulesOut,
    };
  const told = struck.slice(0, mostTold).map(({ says }) => says);
  const who = [...new Set(struck.flatMap((each) => each.who))];
  return {
    result: 'fail',
    says: `${name}: ${told.join(' ')}${struck.length > mostTold ? ` ${struck.length - mostTold} more.` : ''}${who.length > 0 ? ` It strikes ${who.join(', ')}.` : ''}`,
    next: `Look at what was deployed to ${name} last: put its form back, or change those who read it.`,
  };
}

/** Whom a breaking change strikes; none where it is of what nobody asks for. */
function strikes(
  { operation, breaking, field, says }: ApiChange,
  service: string,
  profile: Profile,
  document: unknown,
): { says: string; who: string[] }[] {
  if (!breaking || !/^(GET )?\//.test(operation)) return [];
  const template = operation.replace(/^GET /, '');
  const places = placesOf(profile).filter(
    (place) => place.service?.name === service && fitsPath(template, place.path!.path),
  );
  return places.flatMap((place) => {
    const consumers = consumersOf(profile, place).map((each) => inAnswer(each, place, document));
    const who = field === '' ? consumers.map(({ name }) => name) : struckBy(consumers, field);
    return who.length > 0 || consumers.length === 0 ? [{ says, who: [...new Set(who)] }] : [];
  });
}

/** A field of a row as it stands in the whole answer. A list that is the answer has its rows at the top. */
function inAnswer({ name, field }: Consumer, { path }: Place, document: unknown): Consumer {
  if (path?.rows !== undefined) return { name, field: `${path.rows}[*].${field}` };
  const isList = fieldsOf(answerSchema(document, path!.path), document).has('[*]');
  return { name, field: isList ? `[*].${field}` : field };
}

function fitsPath(template: string, path: string): boolean {
  const [x, y] = [template.split('/'), path.split('/')];
  return x.length === y.length && x.every((part, i) => part === y[i] || part.startsWith('{'));
}
