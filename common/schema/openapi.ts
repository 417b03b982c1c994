import { isRecord } from '../lib/members.ts';
import { WarroomError } from '../lib/errors.ts';
import type { Keywords } from './check-keywords.ts';
import { resolveRef } from './references.ts';

export const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'] as const;

/** A method of an OpenAPI 3.x document, its references followed. */
export interface Operation {
  /** As it stands in the document, `/parts/{id}`. */
  path: string;
  method: (typeof methods)[number];
  /** Names with where they go, `query since`; those of the path's own too. */
  parameters: { name: string; required: boolean }[];
  bodyRequired: boolean;
  /** The JSON schema of each answer by status; undefined where it is not JSON. */
  responses: Map<string, unknown>;
}

const mostOperations = 2000;

/** Reads the operations of a document. Throws `bad-input` where it is no OpenAPI 3.x. */
export function operationsOf(document: unknown): Operation[] {
  if (!isRecord(document) || typeof document.openapi !== 'string' || !document.openapi.startsWith('3.'))
    throw new WarroomError(
      'bad-input',
      'This is no OpenAPI 3 document.',
      'Check the address of openapi.json.',
    );
  const found: Operation[] = [];
  for (const [path, item] of Object.entries(isRecord(document.paths) ? document.paths : {})) {
    const entry = resolveRef(item, document);
    if (!isRecord(entry)) continue;
    for (const method of methods) {
      const operation = entry[method];
      if (!isRecord(operation) || found.length === mostOperations) continue;
      found.push({
        path,
        method,
        parameters: [...listOf(entry.parameters), ...listOf(operation.parameters)].flatMap((each) =>
          parameterOf(resolveRef(each, document)),
        ),
        bodyRequired: isRequired(resolveRef(operation.requestBody, document)),
        responses: responsesOf(operation, document),
      });
    }
  }
  return found;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
const isRequired = (value: unknown) => isRecord(value) && value.required === true;

function parameterOf(value: unknown): Operation['parameters'] {
  if (!isRecord(value) || typeof value.name !== 'string') return [];
  return [{ name: `${String(value.in)} ${value.name}`, required: isRequired(value) }];
}

function responsesOf(operation: Keywords, document: unknown): Map<string, unknown> {
  const responses = isRecord(operation.responses) ? operation.responses : {};
  return new Map(
    Object.entries(responses).map(([status, response]) => [
      status,
      jsonSchemaOf(resolveRef(response, document)),
    ]),
  );
}

function jsonSchemaOf(response: unknown): unknown {
  const content = isRecord(response) && isRecord(response.content) ? response.content : {};
  const [, media] =
    Object.entries(content).find(([type]) => /^application\/([\w.-]+\+)?json\b/i.test(type)) ?? [];
  return isRecord(media) ? media.schema : undefined;
}

/** Two paths are the same whatever their parameters are called. */
export const pathForm = (path: string) => path.replace(/\{[^{}]*\}/g, '{}');

/**
 * The schema of what a GET of this address answers with 200 (or another success); undefined where the document says
 * nothing of it. A path without parameters comes before one with.
 */
export function answerSchema(
  document: unknown,
  address: string,
  method: Operation['method'] = 'get',
): unknown {
  const parts = address.split('/');
  const matching = operationsOf(document)
    .filter((operation) => operation.method === method)
    .filter(({ path }) => fits(path.split('/'), parts))
    .sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  const responses = matching[0]?.responses;
  const status = responses && [...responses.keys()].find((code) => /^2/.test(code));
  return responses?.get(status ?? 'default');
}

function fits(template: readonly string[], parts: readonly string[]): boolean {
  return (
    template.length === parts.length &&
    template.every((part, i) => part === parts[i] || (part.includes('{') && parts[i] !== ''))
  );
}
