import type { Operation } from './openapi.ts';
import { operationsOf, pathForm } from './openapi.ts';
import type { Field } from './schema-fields.ts';
import { fieldsOf } from './schema-fields.ts';

export type ApiChangeKind =
  | 'path-removed'
  | 'path-added'
  | 'method-removed'
  | 'method-added'
  | 'response-removed'
  | 'response-added'
  | 'parameter-required'
  | 'body-required'
  | 'field-removed'
  | 'field-added'
  | 'field-type'
  | 'field-optional'
  | 'field-nullable'
  | 'field-format'
  | 'enum-grown'
  | 'enum-shrunk';

export interface ApiChange {
  /** `GET /parts/{id}`, or only the path. */
  operation: string;
  kind: ApiChangeKind;
  /** Path of the field in the answer; '' for none. */
  field: string;
  /** Whether a consumer that asks as before and reads fields by name may stumble. */
  breaking: boolean;
  says: string;
}

export interface OpenApiDiffOptions {
  /** Fields that the consumer reads, `items[*].label`; without it, all of them. */
  reads?: readonly string[];
}

/** What changed between two OpenAPI 3.x documents. Throws `bad-input` where one is none. */
export function diffOpenApi(before: unknown, after: unknown, options: OpenApiDiffOptions = {}): ApiChange[] {
  const [x, y] = [byForm(operationsOf(before)), byForm(operationsOf(after))];
  const paths = new Set([...x.keys(), ...y.keys()]);
  return [...paths].flatMap((form) => {
    const [had, has] = [x.get(form), y.get(form)];
    if (!has) return [whole(had![0]!.path, 'path-removed', true, 'is no longer there')];
    if (!had) return [whole(has[0]!.path, 'path-added', false, 'is new')];
    return diffPath(had, has, { before, after, reads: options.reads });
  });
}

interface Documents {
  before: unknown;
  after: unknown;
  reads: readonly string[] | undefined;
}

function byForm(operations: readonly Operation[]): Map<string, Operation[]> {
  return Map.groupBy(operations, ({ path }) => pathForm(path));
}

function whole(operation: string, kind: ApiChangeKind, breaking: boolean, says: string): ApiChange {
  return { operation, kind, field: '', breaking, says: `${operation} ${says}.` };
}

const title = ({ method, path }: Operation) => `${method.toUpperCase()} ${path}`;

function diffPath(had: readonly Operation[], has: readonly Operation[], documents: Documents): ApiChange[] {
  const added = has.filter(({ method }) => !had.some((one) => one.method === method));
  return [
    ...had.flatMap((one) => {
      const other = has.find(({ method }) => method === one.method);
      if (!other) return [whole(title(one), 'method-removed', true, 'is no longer there')];
      return [...diffAsking(one, other), ...diffAnswers(one, other, documents)];
    }),
    ...added.map((one) => whole(title(one), 'method-added', false, 'is new')),
  ];
}

function diffAsking(had: Operation, has: Operation): ApiChange[] {
  const already = new Set(had.parameters.filter(({ required }) => required).map(({ name }) => name));
  const changes = has.parameters
    // A parameter of the path has another name without anyone's asking otherwise.
    .filter(({ name, required }) => required && !already.has(name) && !name.startsWith('path '))
    .map(({ name }) => whole(title(has), 'parameter-required', true, `now needs the ${name}`));
  if (has.bodyRequired && !had.bodyRequired)
    changes.push(whole(title(has), 'body-required', true, 'now needs a body'));
  return changes;
}

/** Answers to success: what an error looks like is read by nobody by name. */
function diffAnswers(had: Operation, has: Operation, documents: Documents): ApiChange[] {
  const changes: ApiChange[] = [];
  for (const [status, schema] of had.responses) {
    if (!/^(2|default)/.test(status)) continue;
    const isThere = has.responses.has(status);
    const now = has.responses.get(status);
    if (!isThere || (schema !== undefined && now === undefined)) {
      const says = isThere ? `answers ${status} without JSON` : `no longer answers ${status}`;
      changes.push(whole(title(has), 'response-removed', true, says));
      continue;
    }
    const fields = [fieldsOf(schema, documents.before), fieldsOf(now, documents.after)] as const;
    changes.push(...diffFields(...fields, documents.reads).map((change) => told(title(has), change)));
  }
  for (const status of has.responses.keys())
    if (/^2/.test(status) && !had.responses.has(status))
      changes.push(whole(title(has), 'response-added', false, `may answer ${status} too`));
  return changes;
}

type FieldChange = Pick<ApiChange, 'field' | 'kind' | 'breaking' | 'says'>;

function told(operation: string, change: FieldChange): ApiChange {
  const says = `${operation}: ${change.field === '' ? 'the answer' : `\`${change.field}\``} ${change.says}.`;
  return { operation, ...change, says };
}

/** What changed between the fields of two schemas. What is below a field that is gone, or new, goes without saying. */
export function diffFields(
  had: ReadonlyMap<string, Field>,
  has: ReadonlyMap<string, Field>,
  reads?: readonly string[],
): FieldChange[] {
  const changes: FieldChange[] = [];
  const closed: string[] = [];
  const isBelow = (path: string) => closed.some((start) => isWithin(path, start));
  for (const field of new Set([...had.keys(), ...has.keys()])) {
    if (isBelow(field)) continue;
    const [x, y] = [had.get(field), has.get(field)];
    if (x && y) changes.push(...diffField(field, x, y));
    else {
      closed.push(field);
      changes.push(
        x
          ? { field, kind: 'field-removed', breaking: true, says: 'is gone' }
          : { field, kind: 'field-added', breaking: false, says: 'is new' },
      );
    }
  }
  const isRead = (path: string) =>
    !reads || reads.some((read) => isWithin(read, path) || (path !== '' && isWithin(path, read)));
  return changes.map((change) => ({ ...change, breaking: change.breaking && isRead(change.field) }));
}

/** Whether a path is another one or below it. */
function isWithin(path: string, start: string): boolean {
  return (
    path.startsWith(start) &&
    (start === '' || path.length === start.length || /[.[{]/.test(path[start.length]!))
  );
}

function diffField(field: string, x: Field, y: Field): FieldChange[] {
  const changes: FieldChange[] = [];
  const add = (kind: ApiChangeKind, breaking: boolean, says: string) =>
    changes.push({ field, kind, breaking, says });
  const list = (names: ReadonlySet<string>) => (names.size > 0 ? [...names].join(' or ') : 'anything');
  if (list(x.types) !== list(y.types))
    add('field-type', !holds(x, y), `was ${list(x.types)} and is ${list(y.types)}`);
  if (!x.optional && y.optional) add('field-optional', true, 'may now be missing');
  if (!x.nullable && y.nullable) add('field-nullable', true, 'may now be null');
  if (x.format !== y.format && y.types.has('string') && x.types.has('string'))
    add(
      'field-format',
      x.format !== '',
      `was of format ${x.format || 'none'} and is of ${y.format || 'none'}`,
    );
  const grown = x.texts && (y.texts ? [...y.texts].filter((text) => !x.texts!.has(text)) : ['any text']);
  const shrunk = y.texts && x.texts ? [...x.texts].filter((text) => !y.texts!.has(text)) : [];
  // Announced before it comes: whoever reads the name of a value reads on.
  if (grown && grown.length > 0) add('enum-grown', false, `may now be ${grown.join(', ').slice(0, 200)}`);
  if (shrunk.length > 0) add('enum-shrunk', false, `is no longer ${shrunk.join(', ').slice(0, 200)}`);
  return changes;
}

/** Whether what may come now is of types that were expected. JSON has one kind of number. */
function holds(x: Field, y: Field): boolean {
  if (x.types.size === 0) return true;
  const wide = new Set([...x.types].map((type) => (type === 'integer' ? 'number' : type)));
  return y.types.size > 0 && [...y.types].every((type) => wide.has(type === 'integer' ? 'number' : type));
}
