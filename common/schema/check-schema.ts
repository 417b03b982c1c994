/**
 * Checks payloads against what JSON Schema and OpenAPI 3.x say of their form: the keywords of `check-keywords.ts`, and
 * only local references. It compiles nothing and runs no pattern of the schema, since schemas too come from elsewhere; what
 * it does not read it names.
 */
import { isRecord } from '../lib/members.ts';
import type { Keywords } from './check-keywords.ts';
import { unreadKeywords, wrongBy } from './check-keywords.ts';
import { memberStep } from './node.ts';
import { resolveRef } from './references.ts';

export interface SchemaProblem {
  /** Where in the payload, as in a shape but with the place of an item. */
  path: string;
  says: string;
}

export interface SchemaCheck {
  problems: SchemaProblem[];
  /** Keywords, and references that lead nowhere, that were not looked at. */
  unread: string[];
  /** A bound was reached before the end: no problem is then no approval. */
  stopped: boolean;
}

const mostProblems = 50;
const mostSteps = 200_000;
const deepest = 64;
const mostUnread = 32;

interface Run {
  document: unknown;
  steps: number;
  stopped: boolean;
  unread: Set<string>;
}

/** Checks a payload. `document` is what `$ref`s point into; the schema itself unless told. */
export function checkAgainst(payload: unknown, schema: unknown, document: unknown = schema): SchemaCheck {
  const run: Run = { document, steps: 0, stopped: false, unread: new Set() };
  const problems = check(run, payload, schema, '', 0);
  return { problems, unread: [...run.unread].slice(0, mostUnread), stopped: run.stopped };
}

function check(run: Run, value: unknown, schema: unknown, path: string, depth: number): SchemaProblem[] {
  if (++run.steps > mostSteps || depth > deepest) {
    run.stopped = true;
    return [];
  }
  if (schema === false) return [{ path, says: 'is not allowed' }];
  if (!isRecord(schema)) return [];
  const problems: SchemaProblem[] = [];
  if (typeof schema.$ref === 'string') {
    const target = resolveRef(schema, run.document);
    if (target === undefined) run.unread.add(`$ref ${schema.$ref.slice(0, 100)}`);
    else problems.push(...check(run, value, target, path, depth + 1));
  }
  for (const name of unreadKeywords(schema)) run.unread.add(name);
  const wrong = wrongBy(schema, value);
  if (wrong !== null) problems.push({ path, says: wrong });
  // What is of the wrong type has no members to be wrong.
  else if (Array.isArray(value)) problems.push(...checkItems(run, value, schema, path, depth));
  else if (isRecord(value)) problems.push(...checkMembers(run, value, schema, path, depth));
  const allowedNull = value === null && schema.nullable === true;
  if (!allowedNull) problems.push(...checkTogether(run, value, schema, path, depth));
  return problems.slice(0, mostProblems);
}

function checkMembers(
  run: Run,
  value: Keywords,
  schema: Keywords,
  path: string,
  depth: number,
): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const name of Array.isArray(schema.required) ? (schema.required as unknown[]) : [])
    if (typeof name === 'string' && !Object.hasOwn(value, name))
      problems.push({ path: below(path, name), says: 'is missing' });
  const properties = isRecord(schema.properties) ? schema.properties : {};
  // By a pattern a member may be allowed, and patterns are not run.
  const others = schema.patternProperties === undefined ? schema.additionalProperties : undefined;
  for (const [name, member] of Object.entries(value)) {
    const own = Object.hasOwn(properties, name) ? properties[name] : others;
    if (own !== undefined) problems.push(...check(run, member, own, below(path, name), depth + 1));
    if (problems.length >= mostProblems || run.stopped) break;
  }
  return problems;
}

function below(path: string, name: string): string {
  const step = memberStep(name);
  return path === '' && step.startsWith('.') ? step.slice(1) : `${path}${step}`;
}

function checkItems(
  run: Run,
  list: unknown[],
  schema: Keywords,
  path: string,
  depth: number,
): SchemaProblem[] {
  const places = Array.isArray(schema.prefixItems) ? (schema.prefixItems as unknown[]) : [];
  const problems: SchemaProblem[] = [];
  if (places.length === 0 && schema.items === undefined) return problems;
  for (let i = 0; i < list.length && problems.length < mostProblems && !run.stopped; i++) {
    const own = i < places.length ? places[i] : schema.items;
    if (own !== undefined) problems.push(...check(run, list[i], own, `${path}[${i}]`, depth + 1));
  }
  return problems;
}

/** allOf, anyOf, oneOf, not. */
function checkTogether(
  run: Run,
  value: unknown,
  schema: Keywords,
  path: string,
  depth: number,
): SchemaProblem[] {
  const lists = (name: string) => (Array.isArray(schema[name]) ? (schema[name] as unknown[]) : []);
  const tried = (part: unknown) => check(run, value, part, path, depth + 1);
  const problems = lists('allOf').flatMap(tried);
  for (const name of ['anyOf', 'oneOf']) {
    const results = lists(name).map(tried);
    const fits = results.filter((found) => found.length === 0).length;
    if (run.stopped || results.length === 0) continue;
    if (fits === 0) problems.push(...whyNone(results, path));
    else if (name === 'oneOf' && fits > 1)
      problems.push({ path, says: `fits ${fits} of what it may be only one of` });
  }
  if (schema.not !== undefined && !run.stopped && tried(schema.not).length === 0)
    problems.push({ path, says: 'is what it must not be' });
  return problems;
}

/** The branch that got deepest tells best what is wrong: the others are of another type. */
function whyNone(results: readonly SchemaProblem[][], path: string): SchemaProblem[] {
  const deep = results.filter((problems) => problems.some((problem) => problem.path !== path));
  if (deep.length === 1) return deep[0]!;
  const says = results.map((problems) => problems[0]!.says).join('; ');
  return [{ path, says: `fits none of ${results.length}: ${says}`.slice(0, 300) }];
}
