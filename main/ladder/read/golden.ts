/** Questions whose answers are known, asked again and again: what is answered now. */
import { parseJsonPath, valuesAt, type ProfileGolden } from '../../../common/profile/index.ts';
import type { CheckContext } from '../context.ts';
import type { HttpObservation } from '../http/types.ts';
import { askJson } from './ask-json.ts';
import { keyHeaders } from './key-headers.ts';

export interface GoldenAsked {
  id: string;
  /** One for each time that it was answered, by field; a field without a value is not there. */
  answers: Record<string, unknown>[];
  /** Milliseconds of each. */
  took: number[];
  /** Of those that were not answered. */
  problems: string[];
  seen: HttpObservation[];
}

/** Asks each id `repeats` times, once a run. Ends after so many ids in a row that give no answer: it is down. */
export function askGolden(context: CheckContext, golden: ProfileGolden): Promise<GoldenAsked[]> {
  return context.once(`golden ${golden.name}`, async (signal) => {
    const asked: GoldenAsked[] = [];
    for (const id of golden.ids) {
      const one = await askOne(context, golden, id, signal);
      asked.push(one);
      if (asked.length >= deadAfter && asked.every(({ answers }) => answers.length === 0)) break;
    }
    return asked;
  });
}

const deadAfter = 2;

async function askOne(
  context: CheckContext,
  { service: name, path, body, fields, repeats, timeoutMs }: ProfileGolden,
  id: string,
  signal: AbortSignal,
): Promise<GoldenAsked> {
  const service = context.profile.services.find((each) => each.name === name)!;
  const { headers, missing } = service.auth
    ? await keyHeaders(context, service.auth)
    : { headers: {}, missing: null };
  const asked: GoldenAsked = { id, answers: [], took: [], problems: missing ? [missing] : [], seen: [] };
  const url = new URL(path.replaceAll('{id}', encodeURIComponent(id)), service.url).href;
  const sent = body?.replaceAll('{id}', id);
  const request =
    sent === undefined
      ? { url, headers }
      : {
          url,
          method: 'POST' as const,
          body: sent,
          headers: { ...headers, 'content-type': 'application/json' },
        };
  for (let i = 0; i < repeats && missing === null && !signal.aborted; i++) {
    const { seen, problem, value } = await askJson(context.http, { ...request, timeoutMs, signal });
    asked.seen.push(...seen);
    if (problem) {
      asked.problems.push(problem.says);
      if (asked.answers.length === 0) break;
    } else {
      asked.answers.push(valuesOf(value, fields));
      asked.took.push(seen.at(-1)!.total);
    }
  }
  return asked;
}

function valuesOf(value: unknown, fields: ProfileGolden['fields']): Record<string, unknown> {
  const entries = fields.flatMap(({ field }) => {
    const { steps } = parseJsonPath(field);
    const found = valuesAt(value, steps);
    const isMany = steps.some(({ is }) => is === 'every');
    return isMany ? [[field, found] as const] : found.length > 0 ? [[field, found[0]] as const] : [];
  });
  return Object.fromEntries(entries);
}
