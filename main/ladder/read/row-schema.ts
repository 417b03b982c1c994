import { isRecord } from '../../../common/lib/members.ts';
import { parseJsonPath } from '../../../common/profile/index.ts';
import { answerSchema } from '../../../common/schema/index.ts';
import { resolveRef } from '../../../common/schema/references.ts';
import type { ReadPath } from './rows.ts';

const mostBranches = 16;

/** What an OpenAPI document says of one row of a path; undefined where it says nothing of it. */
export function rowSchema(document: unknown, { path, rows }: ReadPath): unknown {
  const answer = answerSchema(document, path);
  if (answer === undefined) return undefined;
  if (rows === undefined) return below(document, answer, null) ?? answer;
  let at: unknown = answer;
  for (const step of parseJsonPath(rows).steps)
    at = below(document, at, step.is === 'member' ? step.name : null);
  return below(document, at, null);
}

/** What lies at a member, or at any item of a list (null). */
function below(document: unknown, schema: unknown, name: string | null): unknown {
  const waiting: unknown[] = [schema];
  for (let looked = 0; waiting.length > 0 && looked < mostBranches; looked++) {
    const one = resolveRef(waiting.shift(), document);
    if (!isRecord(one)) continue;
    const { properties, items, allOf, anyOf, oneOf } = one;
    if (name === null && items !== undefined) return items;
    if (name !== null && isRecord(properties) && Object.hasOwn(properties, name)) return properties[name];
    for (const branches of [allOf, anyOf, oneOf])
      if (Array.isArray(branches)) waiting.push(...(branches as unknown[]).slice(0, mostBranches));
  }
  return undefined;
}
