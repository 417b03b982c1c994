import { textFormat } from './text-format.ts';
import { typeOf } from './facts.ts';

/** A schema's keywords, as they came: each is looked at before it is used. */
export type Keywords = Record<string, unknown>;

/** Keywords that say nothing of a payload. Those that start with x- do not either. */
const annotations = new Set([
  ...['title', 'description', 'default', 'example', 'examples', 'deprecated', 'readOnly', 'writeOnly', 'xml'],
  ...['externalDocs', '$schema', '$id', '$comment', '$defs', 'definitions', 'components', 'discriminator'],
]);
const checked = new Set([
  ...[
    'type',
    'nullable',
    'enum',
    'const',
    'format',
    'required',
    'properties',
    'additionalProperties',
    'items',
  ],
  ...['prefixItems', 'anyOf', 'oneOf', 'allOf', 'not', '$ref', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['exclusiveMaximum', 'minLength', 'maxLength', 'minItems', 'maxItems'],
]);

/** Keywords that were not looked at, so that silence about them is no approval. */
export function unreadKeywords(schema: Keywords): string[] {
  return Object.keys(schema).filter(
    (name) => !checked.has(name) && !annotations.has(name) && !name.startsWith('x-'),
  );
}

/** What is wrong with the value by itself, not with what is in it; in words. Null where nothing is. */
export function wrongBy(schema: Keywords, value: unknown): string | null {
  // OpenAPI 3.0 says so beside a type that leaves null out.
  if (value === null && schema.nullable === true) return null;
  return (
    wrongType(schema, value) ??
    wrongValue(schema, value) ??
    wrongFormat(schema, value) ??
    wrongSize(schema, value)
  );
}

function wrongType({ type }: Keywords, value: unknown): string | null {
  const wanted = (Array.isArray(type) ? (type as unknown[]) : [type]).filter(
    (name) => typeof name === 'string',
  );
  if (wanted.length === 0) return null;
  const found = typeOf(value);
  const fits = wanted.some((name) => name === found || (name === 'integer' && Number.isInteger(value)));
  return fits ? null : `is ${found === null ? 'no JSON' : `of type ${found}`}, not ${wanted.join(' or ')}`;
}

const shown = (value: unknown) => JSON.stringify(value)?.slice(0, 60) ?? 'nothing';

function wrongValue(schema: Keywords, value: unknown): string | null {
  const { enum: listed } = schema;
  if (Array.isArray(listed) && !listed.some((each) => isSame(each, value)))
    return `is ${shown(value)}, not one of ${shown(listed)}`;
  return 'const' in schema && !isSame(schema.const, value)
    ? `is ${shown(value)}, not ${shown(schema.const)}`
    : null;
}

function isSame(a: unknown, b: unknown): boolean {
  return (
    a === b || (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
  );
}

/** Formats that a consumer stumbles over; others are hints. */
function wrongFormat({ format }: Keywords, value: unknown): string | null {
  if (typeof value !== 'string' || !['date-time', 'date', 'uuid'].includes(String(format))) return null;
  const found = textFormat(value);
  if (found === format) return null;
  return found === 'date-time-local' ? `is a date-time without a zone` : `is no ${String(format)}`;
}

function wrongSize(schema: Keywords, value: unknown): string | null {
  if (typeof value === 'number') return wrongNumber(schema, value);
  // By characters, not by UTF-16 units.
  if (typeof value === 'string')
    return outside(schema.minLength, schema.maxLength, lengthOf(value), 'characters');
  return Array.isArray(value) ? outside(schema.minItems, schema.maxItems, value.length, 'items') : null;
}

function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 1; i < text.length; i++)
    if (/[\uDC00-\uDFFF]/.test(text[i]!) && /[\uD800-\uDBFF]/.test(text[i - 1]!)) length--;
  return length;
}

function outside(min: unknown, max: unknown, count: number, of: string): string | null {
  if (typeof min === 'number' && count < min) return `has ${count} ${of}, less than ${min}`;
  return typeof max === 'number' && count > max ? `has ${count} ${of}, more than ${max}` : null;
}

/** Exclusive limits are numbers of their own since draft 6, and a remark on the others in OpenAPI 3.0. */
function wrongNumber(schema: Keywords, value: number): string | null {
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: under } = schema;
  const tooLow =
    (typeof minimum === 'number' && (value < minimum || (above === true && value === minimum))) ||
    (typeof above === 'number' && value <= above);
  const tooHigh =
    (typeof maximum === 'number' && (value > maximum || (under === true && value === maximum))) ||
    (typeof under === 'number' && value >= under);
  if (tooLow) return `is ${value}, below the minimum`;
  return tooHigh ? `is ${value}, above the maximum` : null;
}
