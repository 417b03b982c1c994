import { describe, expect, it } from 'vitest';
import { parseJson } from '../lib/canonical.ts';
import { createRandom } from '../signal/statistics/random.ts';
import { diffShapes } from './diff.ts';
import type { PathShape, Shape } from './facts.ts';
import { shape, shapeLimits } from './facts.ts';
import { decimalsOf } from './gather.ts';
import { createShaper, mergeShapes } from './infer.ts';
import { textFormat } from './text-format.ts';

function shapeOf(...payloads: unknown[]): Shape {
  const shaper = createShaper();
  for (const payload of payloads) shaper.add(payload);
  return shaper.shape();
}

const at = (from: Shape, path: string): PathShape => from.paths.find((each) => each.path === path)!;

describe('the shape of payloads', () => {
  it('tells types, presence, nulls, ranges, decimals, texts and lengths by path', () => {
    const learnt = shapeOf(
      { a: 1, b: 'x', c: [1, 2], d: { e: null } },
      { a: 2.25, b: 'y', c: [3, 4], d: { e: true } },
      { b: 'x', c: [], d: { e: null } },
    );
    expect(learnt.payloads).toBe(3);
    expect(at(learnt, 'a')).toMatchObject({ seen: 2, types: { number: 2 }, numbers: { min: 1, max: 2.25 } });
    expect(at(learnt, 'a').numbers!.decimals.slice(0, 3)).toEqual([1, 0, 1]);
    expect(at(learnt, 'b').strings!.names).toEqual([
      ['x', 2],
      ['y', 1],
    ]);
    expect(at(learnt, 'c').lists).toEqual({ count: 3, empty: 1, shortest: 0, longest: 2 });
    expect(at(learnt, 'c[*]').numbers!.values).toEqual([1, 2, 3, 4]);
    expect(at(learnt, 'd.e').types).toEqual({ null: 2, boolean: 1 });
  });

  it('knows each place of lists that are always as long, until one is not', () => {
    const shaper = createShaper();
    shaper.add([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(shaper.shape().paths.map(({ path }) => path)).toEqual(['', '[*]', '[*][0]', '[*][1]', '[*][*]']);
    shaper.add([[1]]);
    expect(shaper.shape().paths.map(({ path }) => path)).toEqual(['', '[*]', '[*][*]']);
  });

  it('puts names in quotes that are none, and keeps them apart from places', () => {
    const learnt = shapeOf({ 'a.b': 1, '0': 2, '[*]': 3, '{*}': [1], '': 4 });
    expect(learnt.paths.map(({ path }) => path).sort()).toEqual(
      ['', '["0"]', '["a.b"]', '["[*]"]', '["{*}"]', '["{*}"][*]', '["{*}"][0]', '[""]'].sort(),
    );
  });

  it('takes an object with names that are data for a map', () => {
    const shaper = createShaper();
    for (let i = 0; i < 1000; i++) shaper.add({ scores: { [`part-${i}`]: { value: i, ok: true } } });
    const learnt = shaper.shape();
    expect(learnt.paths.map(({ path }) => path)).toEqual([
      '',
      'scores',
      'scores{*}',
      'scores{*}.value',
      'scores{*}.ok',
    ]);
    expect(at(learnt, 'scores{*}.value')).toMatchObject({
      seen: 1000,
      numbers: { min: 0, max: 999, count: 1000 },
    });
    expect(mergeShapes(learnt, learnt).paths).toHaveLength(5);
  });

  it('is read back as it was, and refused otherwise', () => {
    const learnt = shapeOf({ a: [1, 'x', null] }, { a: [2, 'y', 3] });
    expect(shape.parse(JSON.parse(JSON.stringify(learnt)))).toEqual(learnt);
    expect(shape.safeParse({ ...learnt, more: 1 }).success).toBe(false);
    expect(shape.parse(shapeOf())).toMatchObject({ payloads: 0, paths: [] });
  });

  it('of two is what one of all would be, but for the numbers kept', () => {
    const random = createRandom(3);
    const payloads = Array.from({ length: 200 }, (_, i) => ({
      a: random(),
      b: ['x', 'y', 'z'][i % 3],
      c: { d: i % 5 === 0 ? null : [i, 2] },
    }));
    const strip = (from: Shape) =>
      from.paths.map(({ numbers, ...rest }) => ({
        ...rest,
        numbers: numbers && { ...numbers, values: 0, falls: 0 },
      }));
    const merged = mergeShapes(shapeOf(...payloads.slice(0, 70)), shapeOf(...payloads.slice(70)));
    const whole = shapeOf(...payloads);
    expect(strip(merged)).toEqual(strip(whole));
    expect(at(merged, 'a').numbers!.values).toHaveLength(shapeLimits.numbers);
    expect(mergeShapes(createShaper().shape(), whole)).toEqual(whole);
  });

  it('keeps numbers of old and new alike, also of two', () => {
    const list = (from: number) => Array.from({ length: 5000 }, (_, i) => ({ a: from + i }));
    const [first, second] = [shapeOf(...list(0)), shapeOf(...list(5000))];
    const low = (from: Shape, below: number) =>
      at(from, 'a').numbers!.values.filter((value) => value < below).length;
    // Half of 64 with σ 4.
    expect(Math.abs(low(first, 2500) - 32)).toBeLessThan(16);
    expect(Math.abs(low(mergeShapes(first, second), 5000) - 32)).toBeLessThan(16);
  });

  it('counts decimals of the shortest form', () => {
    expect([1, 0.25, 1e-7, 1.5e-7, 1e21, 123.456, -0.1].map(decimalsOf)).toEqual([0, 2, 7, 8, 0, 3, 1]);
  });

  it.each([
    ['2026-11-25T08:00:00Z', 'date-time'],
    ['2026-11-25T08:00:00.123456+01:00', 'date-time'],
    ['2026-11-25 08:00:00+00', 'date-time'],
    ['2026-11-25T08:00:00', 'date-time-local'],
    ['2026-11-25', 'date'],
    ['08:00:00', 'time'],
    ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'uuid'],
    ['https://example.org/a', 'url'],
    ['12.50', 'numeric'],
    ['', 'empty'],
    ['scratch', 'text'],
  ])('takes "%s" for %s', (text, format) => expect(textFormat(text)).toBe(format));
});

describe('hostile payloads', () => {
  it('of great depth end at a bound', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    const learnt = shapeOf(JSON.parse(deep));
    expect(learnt.paths.length).toBeLessThanOrEqual(shapeLimits.depth + 1);
    expect(learnt.passed).toBeGreaterThan(0);
    expect(diffShapes(learnt, learnt)).toMatchObject({ changes: [] });
  });

  it('of great width, with names that never come again, stay within the same bytes', () => {
    const shaper = createShaper();
    const sizes: number[] = [];
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 50; i++)
        shaper.add({
          [`a${round}-${i}`]: {
            [`b${round}-${i}`]: { [`c${i}${'x'.repeat(200)}`]: ['y'.repeat(10_000), i] },
          },
          wide: Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`${round}.${i}.${n}`, `${n}`])),
          long: new Array<number>(100_000).fill(i),
        });
      sizes.push(JSON.stringify(shaper.shape()).length);
    }
    expect(sizes[2]!).toBeLessThan(400_000);
    expect(sizes[2]! / sizes[1]!).toBeLessThan(1.1);
    expect(shaper.shape().paths.length).toBeLessThanOrEqual(shapeLimits.paths);
    expect(shape.safeParse(shaper.shape()).success).toBe(true);
  });

  it('with huge texts keep none of them', () => {
    const learnt = shapeOf({ text: 'x'.repeat(5_000_000) }, { text: `http://${'x'.repeat(5_000_000)}` });
    expect(JSON.stringify(learnt).length).toBeLessThan(2_000);
    expect(at(learnt, 'text').strings).toMatchObject({
      longest: 5_000_007,
      names: null,
      formats: { text: 1, url: 1 },
    });
  });

  it('with `__proto__` and `constructor` are payloads like any other', () => {
    const text =
      '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, "toString": 1}';
    const learnt = shapeOf(parseJson(text), parseJson(text));
    expect(learnt.paths.map(({ path }) => path)).toEqual([
      '',
      '__proto__',
      '__proto__.polluted',
      'constructor',
      'constructor.prototype',
      'constructor.prototype.polluted',
      'toString',
    ]);
    expect(({} as Record<string, unknown>).polluted).toBe(undefined);
    const back = shape.parse(JSON.parse(JSON.stringify(learnt)));
    expect(mergeShapes(back, back)).toMatchObject({ payloads: 4 });
  });

  it('that are no JSON are passed over', () => {
    expect(shapeOf(undefined, NaN, () => 1, { a: 1n }).passed).toBe(4);
  });
});
