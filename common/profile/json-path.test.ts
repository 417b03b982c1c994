import { describe, expect, it } from 'vitest';
import { WarroomError } from '../lib/errors.ts';
import { mostValues, parseJsonPath, valuesAt } from './json-path.ts';

const read = (json: unknown, path: string) => valuesAt(json, parseJsonPath(path).steps);

describe('a path into JSON', () => {
  const json = { a: { b: [{ c: 1 }, { c: 2 }, {}] }, 'odd.name [x]': 3, 'x-y': null, '0': 'zero' };

  it.each<[string, unknown[]]>([
    ['a.b[0].c', [1]],
    ['a.b.1.c', [2]],
    ['a.b[*].c', [1, 2]],
    ['$', [json]],
    ['$.a.b[1]', [{ c: 2 }]],
    ['["odd.name [x]"]', [3]],
    ['a["b"][1].c', [2]],
    ['x-y', [null]],
    ['0', ['zero']],
    ['a.b[9].c', []],
    ['a.c.d', []],
    ['a[0]', []],
    ['a[*]', []],
    ['a.b.length', []],
    ['constructor', []],
    ['__proto__', []],
    ['a.toString', []],
  ])('%s', (path, values) => expect(read(json, path)).toEqual(values));

  it('reads a list that is the whole', () => {
    expect(read([[1, 2], [3]], '$[*][0]')).toEqual([1, 3]);
    expect(read([5], '[0]')).toEqual([5]);
  });

  it.each([
    ['', 0, 'a name is expected, not the end'],
    ['a..b', 2, 'after the dot, not .'],
    ['a.', 2, 'after the dot, not the end'],
    ['.a', 0, 'a name is expected, not .'],
    ['a[', 1, '[0], [*] or ["name"]'],
    ['a[-1]', 1, '[0], [*] or ["name"]'],
    ['a[?(@.x)]', 1, '[0], [*] or ["name"]'],
    ["a['b']", 1, '[0], [*] or ["name"]'],
    ['a b', 1, 'is not expected here'],
    ['a]', 1, '] is not expected here'],
    ['*', 0, 'a name is expected, not *'],
    ['a.*', 2, 'after the dot, not *'],
    ['a'.repeat(201), 200, 'at most 200 characters'],
    ['a' + '[0]'.repeat(20), 58, 'at most 20 steps'],
  ])('says where "%s" is wrong', (path, at, message) => {
    try {
      parseJsonPath(path);
    } catch (error) {
      expect(error).toBeInstanceOf(WarroomError);
      expect((error as WarroomError).data).toEqual({ at });
      expect((error as WarroomError).message).toContain(message);
      return;
    }
    throw new Error('It was taken.');
  });

  it('gives a bounded number of values', () => {
    const wide = Array.from({ length: 1000 }, () => Array.from({ length: 1000 }, () => 0));
    expect(read(wide, '$[*][*]')).toHaveLength(mostValues);
  });
});
