import { describe, expect, it } from 'vitest';
import { diffOpenApi } from './diff-openapi.ts';
import { answerSchema, operationsOf } from './openapi.ts';
import { fieldsOf } from './schema-fields.ts';

type Json = Record<string, unknown>;

function api(
  properties: Json,
  { required = ['part', 'label', 'box', 'at'], path = '/parts/{id}', extra = {} } = {},
) {
  return {
    openapi: '3.1.0',
    paths: {
      [path]: {
        parameters: [{ name: 'id', in: 'path', required: true }],
        get: {
          responses: {
            '200': {
              content: {
                'application/json; charset=utf-8': {
                  schema: {
                    type: 'object',
                    properties: { items: { type: 'array', items: { $ref: '#/components/schemas/Part' } } },
                  },
                },
              },
            },
            '422': {
              content: { 'application/json': { schema: { type: 'object', properties: { detail: {} } } } },
            },
          },
          ...extra,
        },
      },
    },
    components: { schemas: { Part: { type: 'object', required, properties } } },
  };
}

const part: Json = {
  part: { type: 'integer' },
  label: { type: 'string', enum: ['ok', 'scratch'] },
  at: { type: 'string', format: 'date-time' },
  box: { type: 'object', properties: { x: { type: 'number' }, y: { type: 'number' } } },
};
const before = api(part);
const without = (name: string) => Object.fromEntries(Object.entries(part).filter(([key]) => key !== name));
const told = (after: unknown, reads?: string[]) =>
  diffOpenApi(before, after, reads ? { reads } : {}).map(
    ({ breaking, kind, field }) => `${breaking ? 'breaking ' : ''}${kind}${field === '' ? '' : ` ${field}`}`,
  );

describe('what changed between two OpenAPI documents', () => {
  it('is nothing between the same, however it is written', () => {
    expect(told(structuredClone(before))).toEqual([]);
    expect(told(api(part, { path: '/parts/{number}' }))).toEqual([]);
    expect(told(api({ ...part, label: { allOf: [part.label], description: 'of the part' } }))).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    [
      'a field that is gone, not what was in it',
      api(without('box')),
      ['breaking field-removed items[*].box'],
    ],
    ['a new field', api({ ...part, model: { type: 'string' } }), ['field-added items[*].model']],
    ['another type', api({ ...part, part: { type: 'string' } }), ['breaking field-type items[*].part']],
    ['a wider number', api({ ...part, part: { type: 'number' } }), ['field-type items[*].part']],
    [
      'a field that may be missing',
      api(part, { required: ['part', 'label', 'box'] }),
      ['breaking field-optional items[*].at'],
    ],
    [
      'null, in 3.1',
      api({ ...part, part: { type: ['integer', 'null'] } }),
      ['breaking field-nullable items[*].part'],
    ],
    [
      'null, in 3.0',
      api({ ...part, part: { type: 'integer', nullable: true } }),
      ['breaking field-nullable items[*].part'],
    ],
    [
      'null, as FastAPI writes it',
      api({ ...part, part: { anyOf: [{ type: 'integer' }, { type: 'null' }] } }),
      ['breaking field-nullable items[*].part'],
    ],
    [
      'a value announced',
      api({ ...part, label: { type: 'string', enum: ['ok', 'scratch', 'dent'] } }),
      ['enum-grown items[*].label'],
    ],
    [
      'a value gone',
      api({ ...part, label: { type: 'string', enum: ['ok'] } }),
      ['enum-shrunk items[*].label'],
    ],
    [
      'a time that is any text',
      api({ ...part, at: { type: 'string' } }),
      ['breaking field-format items[*].at'],
    ],
    ['another path', api(part, { path: '/items/{id}' }), ['breaking path-removed', 'path-added']],
    [
      'a parameter that is needed',
      api(part, { extra: { parameters: [{ name: 'line', in: 'query', required: true }] } }),
      ['breaking parameter-required'],
    ],
    [
      'a body that is needed',
      api(part, { extra: { requestBody: { required: true } } }),
      ['breaking body-required'],
    ],
    [
      'answers of another kind',
      api(part, { extra: { responses: { '204': {} } } }),
      ['breaking response-removed', 'response-added'],
    ],
    [
      'an answer without JSON',
      api(part, { extra: { responses: { '200': { content: { 'text/html': {} } } } } }),
      ['breaking response-removed'],
    ],
  ])('names %s', (_, after, expected) => {
    expect(told(after)).toEqual(expected);
    for (const { says } of diffOpenApi(before, after)) expect(says).toMatch(/^(GET )?\/.*\.$/);
  });

  it('a method that is gone, and one that is new', () => {
    const after = structuredClone(before) as { paths: Record<string, Json> };
    const item = after.paths['/parts/{id}']!;
    item.post = item.get;
    delete item.get;
    expect(told(after)).toEqual(['breaking method-removed', 'method-added']);
  });

  it('breaks nobody who does not read the field', () => {
    expect(told(api(without('box')), ['items[*].label'])).toEqual(['field-removed items[*].box']);
    expect(told(api(without('box')), ['items[*].box.x'])).toEqual(['breaking field-removed items[*].box']);
    expect(told(api(without('label')), ['items[*]'])).toEqual(['breaking field-removed items[*].label']);
    expect(told(api(without('box')), ['items[*].boxes'])).toEqual(['field-removed items[*].box']);
  });

  it('refuses what is no OpenAPI 3', () => {
    for (const wrong of [null, [], {}, { swagger: '2.0' }, { openapi: 3 }])
      expect(() => diffOpenApi(before, wrong)).toThrow('This is no OpenAPI 3 document.');
    expect(operationsOf({ openapi: '3.0.0', paths: { '/a': 1, '/b': { get: null } } })).toEqual([]);
  });
});

describe('fields of a schema', () => {
  it('of alternatives may be missing where not all have them', () => {
    const fields = fieldsOf(
      {
        oneOf: [
          {
            type: 'object',
            required: ['kind', 'grams'],
            properties: { kind: { const: 'a' }, grams: { type: 'number' } },
          },
          { type: 'object', required: ['kind'], properties: { kind: { const: 'b' } } },
        ],
      },
      {},
    );
    expect(fields.get('kind')).toMatchObject({ optional: false, texts: new Set(['a', 'b']) });
    expect(fields.get('grams')).toMatchObject({ optional: true });
  });

  it('within itself, and of alternatives that multiply, end at a bound', () => {
    const self = { properties: { next: { $ref: '#/self' } } };
    expect(fieldsOf({ $ref: '#/self' }, { self }).size).toBeLessThan(20);
    const many = Array.from({ length: 30 }, () => ({ properties: { a: { $ref: '#/bomb' } } }));
    const bomb = { anyOf: many, oneOf: many, allOf: [{ $ref: '#/bomb' }, { $ref: '#/bomb' }] };
    expect(fieldsOf({ $ref: '#/bomb' }, { bomb }).size).toBeLessThan(20);
  });
});

it('the schema of an answer is found by its address, a path without parameters first', () => {
  const document = {
    openapi: '3.0.3',
    paths: {
      '/parts/{id}': {
        get: { responses: { default: { content: { 'application/json': { schema: { title: 'one' } } } } } },
      },
      '/parts/last': {
        get: { responses: { '200': { content: { 'application/hal+json': { schema: { title: 'last' } } } } } },
      },
    },
  };
  expect(answerSchema(document, '/parts/17')).toEqual({ title: 'one' });
  expect(answerSchema(document, '/parts/last')).toEqual({ title: 'last' });
  expect(answerSchema(document, '/parts')).toBe(undefined);
  expect(answerSchema(document, '/parts/17', 'post')).toBe(undefined);
});
