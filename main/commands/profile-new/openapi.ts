/** What an OpenAPI document (3.x, or Swagger 2.0) says of the paths that can be read. */

export interface OpenApiPath {
  path: string;
  summary: string;
  /** Names of query parameters. */
  query: string[];
  /** Why it can't be asked as it is; null where it can. */
  obstacle: string | null;
  /** Largest value that a query parameter may have, where it says. */
  maximum: Record<string, number>;
  /** Where the rows lie in the answer: `$`, the name of a member, or null for an answer that is one row. */
  rows: string | null;
  /** Members of a row. */
  fields: OpenApiField[];
}

export interface OpenApiField {
  name: string;
  kind: 'number' | 'instant' | 'other';
}

export interface OpenApiSummary {
  title: string;
  version: string;
  paths: OpenApiPath[];
  /** Paths that are not looked at because there are too many. */
  leftOut: number;
}

type Json = Record<string, unknown>;
const mostPaths = 64;
const mostFields = 64;
const deepestReference = 10;

const object = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const own = (value: Json | null, name: string): unknown =>
  value && Object.hasOwn(value, name) ? value[name] : undefined;

/** Null for what is no OpenAPI document. */
export function summaryOf(json: unknown): OpenApiSummary | null {
  const document = object(json);
  const paths = object(own(document, 'paths'));
  if (!document || !paths || !(text(document.openapi) || text(document.swagger))) return null;
  const info = object(document.info);
  const readable = Object.entries(paths).filter(([, item]) => object(own(object(item), 'get')));
  return {
    title: text(own(info, 'title')),
    version: text(own(info, 'version')),
    paths: readable.slice(0, mostPaths).map(([path, item]) => pathOf(document, path, object(item)!)),
    leftOut: Math.max(0, readable.length - mostPaths),
  };
}

function pathOf(document: Json, path: string, item: Json): OpenApiPath {
  const get = object(item.get)!;
  const parameters = [...list(item.parameters), ...list(get.parameters)]
    .map((parameter) => resolve(document, parameter))
    .filter((parameter) => parameter !== null);
  const query = parameters.filter((parameter) => parameter.in === 'query');
  const needed = query.filter((parameter) => parameter.required === true).map(({ name }) => text(name));
  const answer = answerSchema(document, get);
  const { rows, row } = rowsOf(document, answer);
  return {
    path,
    summary: text(get.summary) || text(get.description),
    query: query.map(({ name }) => text(name)),
    obstacle: path.includes('{')
      ? 'it has a part that is to be filled in'
      : needed.length > 0
        ? `it wants ${needed.join(', ')}`
        : null,
    maximum: Object.fromEntries(
      query.flatMap((parameter) => {
        const most = own(object(parameter.schema) ?? parameter, 'maximum');
        return typeof most === 'number' ? [[text(parameter.name), most]] : [];
      }),
    ),
    rows,
    fields: fieldsOf(document, row),
  };
}

/** Follows references within the document. */
function resolve(document: Json, value: unknown): Json | null {
  let at = object(value);
  for (let depth = 0; at && typeof at.$ref === 'string'; depth++) {
    if (depth === deepestReference || !at.$ref.startsWith('#/')) return null;
    const names = at.$ref.slice(2).split('/').slice(0, 20);
    const target = names.reduce<unknown>(
      (inside, name) => own(object(inside), name.replaceAll('~1', '/').replaceAll('~0', '~')),
      document,
    );
    at = object(target);
  }
  return at;
}

function answerSchema(document: Json, get: Json): Json | null {
  const responses = object(get.responses);
  const ok = resolve(document, own(responses, '200') ?? own(responses, 'default'));
  const content = object(own(ok, 'content'));
  const schema = content ? own(object(own(content, 'application/json')), 'schema') : own(ok, 'schema');
  return resolve(document, schema);
}

/** A list, or the only list of objects within an object. */
function rowsOf(document: Json, answer: Json | null): { rows: string | null; row: Json | null } {
  if (answer?.type === 'array') return { rows: '$', row: resolve(document, answer.items) };
  const lists = Object.entries(object(own(answer, 'properties')) ?? {}).flatMap(([name, property]) => {
    const schema = resolve(document, property);
    const items = schema?.type === 'array' ? resolve(document, schema.items) : null;
    return items && object(items.properties) ? [{ rows: name, row: items }] : [];
  });
  return lists.length === 1 ? lists[0]! : { rows: null, row: answer };
}

function fieldsOf(document: Json, row: Json | null): OpenApiField[] {
  const properties = Object.entries(object(own(row, 'properties')) ?? {}).slice(0, mostFields);
  return properties.map(([name, property]) => {
    const schema = resolve(document, property);
    const isInstant = schema?.format === 'date-time' || schema?.format === 'timestamp with time zone';
    const isNumber = schema?.type === 'number' || schema?.type === 'integer';
    return { name, kind: isInstant ? 'instant' : isNumber ? 'number' : 'other' };
  });
}
