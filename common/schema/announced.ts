import { isRecord } from '../lib/members.ts';
import type { JsonType, PathShape } from './facts.ts';
import { jsonTypes } from './facts.ts';
import { resolveRef } from './references.ts';

/** What a JSON Schema allows at a path. */
export interface Announced {
  /** Texts it lists. */
  texts: Set<string>;
  /** It has a branch for texts that lists none. */
  freeText: boolean;
  /** Types it names; integers are numbers. All where it names none. */
  types: Set<JsonType>;
  /** Its object does not require it. */
  optional: boolean;
}

const mostBranches = 64;
const deepest = 24;

/**
 * What `schema` says of the path, given the shapes of its parents. Null where it says nothing of it. `$ref`s are local to
 * `document`.
 */
export function announcedAt(
  schema: unknown,
  document: unknown,
  shape: PathShape,
  shapes: ReadonlyMap<string, PathShape>,
): Announced | null {
  const keys = keysOf(shape, shapes);
  let at = branches(schema, document);
  let optional = false;
  for (const key of keys) {
    optional = !at.some((branch) => Array.isArray(branch.required) && branch.required.includes(key));
    at = at.flatMap((branch) => below(branch, key)).flatMap((next) => branches(next, document));
    if (at.length > mostBranches) at.length = mostBranches;
  }
  return at.length > 0 ? { ...factsOf(at), optional } : null;
}

/** Keys from the payload down: a name, a place, or null for any item or member. */
function keysOf(shape: PathShape, shapes: ReadonlyMap<string, PathShape>): (string | number | null)[] {
  const keys: (string | number | null)[] = [];
  for (let at: PathShape | undefined = shape; at && at.parent !== null; at = shapes.get(at.parent)) {
    keys.unshift(/(\[\*\]|\{\*\})$/.test(at.path) ? null : at.key);
    if (keys.length > deepest) break;
  }
  return keys;
}

/** The schema itself and what it is put together from, references followed, each once: a circle ends. */
function branches(schema: unknown, document: unknown): Record<string, unknown>[] {
  const found = new Set<Record<string, unknown>>();
  const waiting = [schema];
  while (waiting.length > 0 && found.size < mostBranches) {
    const one = resolveRef(waiting.shift(), document);
    if (!isRecord(one) || found.has(one)) continue;
    found.add(one);
    for (const name of ['anyOf', 'oneOf', 'allOf']) {
      const list = one[name];
      if (Array.isArray(list)) waiting.push(...(list as unknown[]).slice(0, mostBranches));
    }
  }
  return [...found];
}

function below(schema: Record<string, unknown>, key: string | number | null): unknown[] {
  const { properties, prefixItems, items, additionalProperties } = schema;
  if (typeof key === 'string')
    return isRecord(properties) && Object.hasOwn(properties, key)
      ? [properties[key]]
      : [additionalProperties];
  const place =
    typeof key === 'number' && Array.isArray(prefixItems) ? (prefixItems as unknown[])[key] : undefined;
  return place === undefined ? [items, ...(key === null ? [additionalProperties] : [])] : [place];
}

function factsOf(schemas: readonly Record<string, unknown>[]): Omit<Announced, 'optional'> {
  const texts = new Set<string>();
  const types = new Set<JsonType>();
  let freeText = false;
  for (const schema of schemas) {
    const listed = Array.isArray(schema.enum) ? schema.enum : 'const' in schema ? [schema.const] : null;
    for (const value of listed ?? []) if (typeof value === 'string') texts.add(value);
    const own = typesOf(schema);
    if (!listed && own.includes('string')) freeText = true;
    for (const type of own) types.add(type);
    if (schema.nullable === true || listed?.includes(null)) types.add('null');
  }
  return { texts, freeText, types: types.size > 0 ? types : new Set(jsonTypes) };
}

function typesOf({ type }: Record<string, unknown>): JsonType[] {
  const named = Array.isArray(type) ? type : [type];
  return named.flatMap((name): JsonType[] => {
    if (name === 'integer') return ['number'];
    return jsonTypes.includes(name as JsonType) ? [name as JsonType] : [];
  });
}
