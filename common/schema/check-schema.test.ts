import { describe, expect, it } from 'vitest';
import { checkAgainst } from './check-schema.ts';

const says = (payload: unknown, schema: unknown) =>
  checkAgainst(payload, schema).problems.map((problem) => `${problem.path}: ${problem.says}`);

/** As FastAPI writes it (OpenAPI 3.1), with a reference, an optional and a nullable member. */
const document = {
  components: {
    schemas: {
      Detection: {
        title: 'Detection',
        type: 'object',
        required: ['part', 'label', 'box'],
        properties: {
          part: { type: 'integer', minimum: 0 },
          at: { type: 'string', format: 'date-time' },
          label: { type: 'string', enum: ['ok', 'scratch'] },
          confidence: { anyOf: [{ type: 'number', maximum: 1 }, { type: 'null' }] },
          box: { type: 'array', items: { type: 'number' }, minItems: 4, maxItems: 4 },
          next: { $ref: '#/components/schemas/Detection' },
        },
      },
    },
  },
};
const detection = { $ref: '#/components/schemas/Detection' };
const good = { part: 1, at: '2026-11-25T08:00:00Z', label: 'ok', confidence: 0.5, box: [1, 2, 3, 4] };
const wrong = (payload: unknown) =>
  checkAgainst(payload, detection, document).problems.map(({ path, says }) => `${path}: ${says}`);

describe('a payload against a schema', () => {
  it('has nothing wrong where it fits, and says where it does not', () => {
    expect(wrong(good)).toEqual([]);
    expect(wrong({ ...good, confidence: null, next: good, more: 1 })).toEqual([]);
    expect(wrong({ ...good, part: 1.5 })).toEqual(['part: is of type number, not integer']);
    expect(wrong({ ...good, label: 'burr' })).toEqual(['label: is "burr", not one of ["ok","scratch"]']);
    expect(wrong({ ...good, at: '2026-11-25T08:00:00' })).toEqual(['at: is a date-time without a zone']);
    expect(wrong({ ...good, box: [1, '2', 3, 4] })).toEqual(['box[1]: is of type string, not number']);
    expect(wrong({ ...good, box: [1] })).toEqual(['box: has 1 items, less than 4']);
    expect(wrong({ ...good, next: { ...good, part: -1 } })).toEqual(['next.part: is -1, below the minimum']);
    expect(wrong({ part: 1, box: [1, 2, 3, 4] })).toEqual(['label: is missing']);
    expect(wrong({ ...good, confidence: 'high' })).toEqual([
      'confidence: fits none of 2: is of type string, not number; is of type string, not null',
    ]);
    expect(wrong('text')).toEqual([': is of type string, not object']);
  });

  it.each<[string, unknown, unknown, string[]]>([
    ['nullable of OpenAPI 3.0', null, { type: 'string', nullable: true, enum: ['a'] }, []],
    ['null without it', null, { type: 'string' }, [': is of type null, not string']],
    ['a list of types', 1, { type: ['string', 'null'] }, [': is of type number, not string or null']],
    ['const', 2, { const: 1 }, [': is 2, not 1']],
    ['an exclusive limit as a number', 1, { exclusiveMaximum: 1 }, [': is 1, above the maximum']],
    [
      'an exclusive limit as a remark',
      1,
      { minimum: 1, exclusiveMinimum: true },
      [': is 1, below the minimum'],
    ],
    ['characters outside the plane', '😀😀', { maxLength: 2 }, []],
    ['too many characters', 'abc', { maxLength: 2 }, [': has 3 characters, more than 2']],
    [
      'members that are not allowed',
      { a: 1, b: 2 },
      { properties: { a: {} }, additionalProperties: false },
      ['b: is not allowed'],
    ],
    [
      'members of a map',
      { a: 'x' },
      { additionalProperties: { type: 'number' } },
      ['a: is of type string, not number'],
    ],
    [
      'places',
      [1, 'x', 2],
      { prefixItems: [{ type: 'number' }, { type: 'string' }], items: false },
      ['[2]: is not allowed'],
    ],
    ['allOf', 3, { allOf: [{ type: 'number' }, { maximum: 2 }] }, [': is 3, above the maximum']],
    [
      'oneOf, twice',
      3,
      { oneOf: [{ type: 'number' }, { minimum: 2 }] },
      [': fits 2 of what it may be only one of'],
    ],
    ['not', 3, { not: { type: 'number' } }, [': is what it must not be']],
    ['a schema that allows all', 3, true, []],
    ['a schema that allows nothing', 3, false, [': is not allowed']],
    ['enum of objects', { a: 1 }, { enum: [{ a: 1 }] }, []],
  ])('knows %s', (_, payload, schema, expected) => expect(says(payload, schema)).toEqual(expected));

  it('tells of alternatives the one that was meant', () => {
    const schema = {
      oneOf: [{ type: 'null' }, { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] }],
    };
    expect(says({ a: 'x' }, schema)).toEqual(['a: is of type string, not number']);
  });

  it('names what it did not read', () => {
    const schema = { pattern: '^(a+)+$', 'x-own': 1, title: 'T', $ref: 'https://elsewhere.example/a.json' };
    expect(checkAgainst('a'.repeat(40) + 'b', schema).unread).toEqual([
      '$ref https://elsewhere.example/a.json',
      'pattern',
    ]);
    expect(
      checkAgainst({ x1: 1 }, { patternProperties: { '^x': {} }, additionalProperties: false }),
    ).toMatchObject({
      problems: [],
      unread: ['patternProperties'],
    });
  });

  it('follows references with escapes, and none in circles', () => {
    const schemas = { 'a/b': { type: 'number' }, 'c%': { type: 'string' }, loop: { $ref: '#/loop' } };
    expect(checkAgainst('x', { $ref: '#/a~1b' }, schemas).problems).toHaveLength(1);
    expect(checkAgainst(1, { $ref: '#/c%25' }, schemas).problems).toHaveLength(1);
    expect(checkAgainst(1, { $ref: '#/loop' }, schemas)).toEqual({
      problems: [],
      unread: ['$ref #/loop'],
      stopped: false,
    });
    expect(checkAgainst(1, { $ref: '#/__proto__/x' }, schemas).unread).toEqual(['$ref #/__proto__/x']);
  });

  it('ends at a bound, and says so', () => {
    const bomb = { $ref: '#/a', a: { allOf: Array.from({ length: 20 }, () => ({ $ref: '#/a' })) } };
    expect(checkAgainst(1, { $ref: '#/a' }, bomb).stopped).toBe(true);
    const deep: unknown = JSON.parse(`${'[1,'.repeat(3000)}1${']'.repeat(3000)}`);
    const list = { list: { items: { anyOf: [{ $ref: '#/list' }, { type: 'number' }] } } };
    expect(checkAgainst(deep, { $ref: '#/list' }, list).stopped).toBe(true);
    const many = checkAgainst(new Array(100_000).fill('x'), { items: { type: 'number' } });
    expect(many.problems).toHaveLength(50);
  });
});
