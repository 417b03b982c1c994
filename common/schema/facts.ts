import { z } from 'zod';

/** Bounds of what is kept, whatever comes. */
export const shapeLimits = {
  /** Paths of a shape. */
  paths: 512,
  /** Members known by name of one object; with more it is a map, whose members are known together. */
  members: 64,
  depth: 24,
  /** Values looked at in one payload. */
  values: 20_000,
  /** Items looked at in one list, evenly over it. */
  items: 64,
  /** Longest list whose places may each mean something else. */
  places: 16,
  /** Characters kept of a member's name, and of a text that may be one of a few. */
  text: 64,
  /** Distinct texts up to which a field may be one of a few. */
  names: 24,
  /** Numbers kept of a path. */
  numbers: 64,
} as const;

export const jsonTypes = ['null', 'boolean', 'number', 'string', 'array', 'object'] as const;
export type JsonType = (typeof jsonTypes)[number];

export const textFormats = [
  'date-time',
  'date-time-local',
  'date',
  'time',
  'uuid',
  'url',
  'numeric',
  'empty',
  'text',
] as const;
export type TextFormat = (typeof textFormats)[number];

const count = z.int().min(0);
/** Most decimals that a double prints; more are counted as so many. */
export const mostDecimals = 17;

/** What is known of the numbers at a path. */
export const numberFacts = z.strictObject({
  count,
  min: z.number(),
  max: z.number(),
  /** How many had so many decimals, by their shortest form. */
  decimals: z.array(count).length(mostDecimals + 1),
  /** How often one was less than the one before: a counter or a time never, but at a restart. */
  falls: count,
  values: z.array(z.number()).max(shapeLimits.numbers),
});

export const stringFacts = z.strictObject({
  count,
  shortest: count,
  longest: count,
  formats: z.partialRecord(z.enum(textFormats), count),
  /** How often each was there; null where there are too many, or long ones. */
  names: z
    .array(z.tuple([z.string().max(shapeLimits.text), count]))
    .max(shapeLimits.names)
    .nullable(),
});

export const listFacts = z.strictObject({ count, empty: count, shortest: count, longest: count });

export const pathShape = z.strictObject({
  /** Dotted, `[*]` an item of a list, `[0]` a place in a short one, `{*}` a member of a map; '' the payload itself. */
  path: z.string().max(8192),
  parent: z.string().max(8192).nullable(),
  key: z.union([z.string(), z.number()]),
  seen: count,
  types: z.partialRecord(z.enum(jsonTypes), count),
  numbers: numberFacts.nullable(),
  strings: stringFacts.nullable(),
  lists: listFacts.nullable(),
});

/** What payloads look like: plain JSON of bounded size, parents before their children. */
export const shape = z.strictObject({
  kind: z.literal('shape'),
  payloads: count,
  /** Values that were not looked at, since a bound was reached. */
  passed: count,
  paths: z.array(pathShape).max(shapeLimits.paths),
});

export type NumberFacts = z.infer<typeof numberFacts>;
export type StringFacts = z.infer<typeof stringFacts>;
export type ListFacts = z.infer<typeof listFacts>;
export type PathShape = z.infer<typeof pathShape>;
export type Shape = z.infer<typeof shape>;

export function typeOf(value: unknown): JsonType | null {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  if (type === 'number') return Number.isFinite(value) ? 'number' : null;
  return type === 'boolean' || type === 'string' || type === 'object' ? type : null;
}
