import { isRecord } from '../lib/members.ts';
import type { Keywords } from './check-keywords.ts';
import { anyItem, anyMember, memberStep } from './node.ts';
import { resolveRef } from './references.ts';

/** A field that a schema names, by the path that it has in a shape. */
export interface Field {
  types: Set<string>;
  /** Texts that it lists; null where it may be any. */
  texts: Set<string> | null;
  nullable: boolean;
  optional: boolean;
  format: string;
}

const mostFields = 2000;
const deepest = 16;
const mostParts = 64;
/** Schemas looked at in all: alternatives within alternatives multiply. */
const mostSteps = 20_000;

/** The fields that a schema names. A schema within itself is followed to a bound, as are the fields. */
export function fieldsOf(schema: unknown, document: unknown): Map<string, Field> {
  const fields = new Map<string, Field>();
  walk({ fields, document, budget: { left: mostSteps } }, schema, '', false, 0);
  return fields;
}

interface Walk {
  fields: Map<string, Field>;
  document: unknown;
  /** Schemas that may still be looked at, by all parts of the walk. */
  budget: { left: number };
}

function walk(run: Walk, schema: unknown, path: string, optional: boolean, depth: number): void {
  if (depth > deepest || run.budget.left-- <= 0) return;
  if (run.fields.size >= mostFields && !run.fields.has(path)) return;
  const parts = partsOf(schema, run.document);
  for (const part of parts) note(run.fields, path, part, optional);
  const required = new Set(
    parts.flatMap((part) => (Array.isArray(part.required) ? (part.required as unknown[]) : [])),
  );
  for (const { properties, items, prefixItems, additionalProperties } of parts) {
    for (const [name, member] of Object.entries(isRecord(properties) ? properties : {})) {
      const step = memberStep(name);
      const at = path === '' && step.startsWith('.') ? step.slice(1) : `${path}${step}`;
      walk(run, member, at, !required.has(name), depth + 1);
    }
    if (isRecord(items)) walk(run, items, `${path}${anyItem}`, false, depth + 1);
    if (isRecord(additionalProperties))
      walk(run, additionalProperties, `${path}${anyMember}`, false, depth + 1);
    if (Array.isArray(prefixItems))
      prefixItems.forEach((item, i) => walk(run, item, `${path}[${i}]`, false, depth + 1));
  }
  for (const part of parts) walkAlternatives(run, part, path, optional, depth);
}

/** What only some alternatives have may be missing. */
function walkAlternatives(run: Walk, part: Keywords, path: string, optional: boolean, depth: number): void {
  for (const name of ['anyOf', 'oneOf']) {
    if (!Array.isArray(part[name])) continue;
    const own = (part[name] as unknown[])
      .slice(0, 64)
      .map((each) => ({ each, parts: partsOf(each, run.document) }))
      .filter(({ parts }) => !parts.every(({ type }) => type === 'null') || parts.length === 0);
    if (own.length < part[name].length) field(run.fields, path, optional).nullable = true;
    const found = own.map(({ each }) => {
      const apart: Walk = { ...run, fields: new Map() };
      walk(apart, each, path, optional, depth + 1);
      return apart.fields;
    });
    for (const fields of found)
      for (const [at, one] of fields) {
        const everywhere = found.every((other) => other.has(at));
        merge(field(run.fields, at, one.optional || !everywhere), one);
      }
  }
}

/** A schema and what allOf puts into it, references followed, each once: a circle ends. */
function partsOf(schema: unknown, document: unknown): Keywords[] {
  const found = new Set<Keywords>();
  const waiting = [schema];
  while (waiting.length > 0 && found.size < mostParts) {
    const one = resolveRef(waiting.shift(), document);
    if (!isRecord(one) || found.has(one)) continue;
    found.add(one);
    if (Array.isArray(one.allOf)) waiting.push(...(one.allOf as unknown[]).slice(0, mostParts));
  }
  return [...found];
}

function field(fields: Map<string, Field>, path: string, optional: boolean): Field {
  const known = fields.get(path);
  if (known) return known;
  const made: Field = { types: new Set(), texts: null, nullable: false, optional, format: '' };
  fields.set(path, made);
  return made;
}

function note(fields: Map<string, Field>, path: string, part: Keywords, optional: boolean): void {
  const at = field(fields, path, optional);
  for (const type of Array.isArray(part.type) ? (part.type as unknown[]) : [part.type]) {
    if (type === 'null') at.nullable = true;
    else if (typeof type === 'string') at.types.add(type);
  }
  if (part.nullable === true) at.nullable = true;
  if (typeof part.format === 'string') at.format = part.format;
  const listed = Array.isArray(part.enum) ? (part.enum as unknown[]) : 'const' in part ? [part.const] : null;
  if (listed) at.texts = new Set(listed.filter((value) => typeof value === 'string'));
}

function merge(into: Field, from: Field): void {
  from.types.forEach((type) => into.types.add(type));
  into.nullable ||= from.nullable;
  into.optional ||= from.optional;
  into.format ||= from.format;
  if (from.texts) into.texts = new Set([...(into.texts ?? []), ...from.texts]);
}
