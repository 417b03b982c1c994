import { describe, expect, it } from 'vitest';
import { categorySketch, createCategorySketcher, sketchNames } from './category-sketch.ts';
import { compare } from './compare.ts';
import { createNumberSketcher, numberSketch } from './number-sketch.ts';
import { createRandom } from './random.ts';

describe('a sketch of numbers', () => {
  it('of a million fits a few KB, with each counted and each as likely kept', () => {
    const random = createRandom(5);
    const sketcher = createNumberSketcher();
    for (let i = 0; i < 1_000_000; i++) sketcher.add(random());
    const sketch = sketcher.sketch();
    expect(JSON.stringify(sketch).length).toBeLessThan(6_000);
    expect(sketch.count).toBe(1_000_000);
    expect(sketch.counts.reduce((sum, count) => sum + count)).toBe(1_000_000);
    for (const count of sketch.counts) expect(count / 1_000_000).toBeGreaterThan(0.05);
    expect(sketch.values).toHaveLength(256);
    // The mean of 256 of a uniform distribution has σ = √(1/12)/16.
    const mean = sketch.values.reduce((sum, value) => sum + value) / 256;
    expect(Math.abs(mean - 0.5)).toBeLessThan((4 * Math.sqrt(1 / 12)) / 16);
  });

  it('keeps of old and new alike', () => {
    const sketcher = createNumberSketcher();
    for (let i = 0; i < 100_000; i++) sketcher.add(i);
    const early = sketcher.sketch().values.filter((value) => value < 50_000).length;
    // Half of 256 with σ 8.
    expect(Math.abs(early - 128)).toBeLessThan(32);
  });

  it('is the same for the same seed, and goes on after it was read', () => {
    const make = (seed: number) => {
      const sketcher = createNumberSketcher({ seed, settle: 10, keep: 5 });
      for (let i = 0; i < 8; i++) sketcher.add(i);
      sketcher.sketch();
      for (let i = 8; i < 200; i++) sketcher.add(i);
      return sketcher.sketch();
    };
    expect(make(1)).toEqual(make(1));
    expect(make(1).values).not.toEqual(make(2).values);
    expect(make(1)).toMatchObject({ count: 200, min: 0, max: 199, edges: [5] });
  });

  it('is read back strictly', () => {
    const sketcher = createNumberSketcher();
    expect(numberSketch.parse(sketcher.sketch()).count).toBe(0);
    for (let i = 0; i < 300; i++) sketcher.add(i);
    const sketch = sketcher.sketch();
    expect(numberSketch.parse(JSON.parse(JSON.stringify(sketch)))).toEqual(sketch);
    for (const wrong of [
      { count: 301 },
      { edges: [...sketch.edges].reverse() },
      { counts: [300] },
      { values: [NaN] },
      { more: 1 },
    ])
      expect(numberSketch.safeParse({ ...sketch, ...wrong }).success).toBe(false);
  });

  it('refuses NaN and keeps nothing of it', () => {
    const sketcher = createNumberSketcher();
    expect(() => sketcher.add(NaN)).toThrow('NaN');
    expect(sketcher.count()).toBe(0);
    expect(() => createNumberSketcher({ keep: 0 })).toThrow('keep 0');
  });
});

describe('a sketch of names', () => {
  it('has a bound, whatever the names are', () => {
    const sketcher = createCategorySketcher();
    for (let i = 0; i < 10_000; i++) sketcher.add(i % 2 === 0 ? 'ok' : `${'x'.repeat(50)}${i}`);
    sketcher.add('y'.repeat(1_000_000));
    const sketch = categorySketch.parse(sketcher.sketch());
    expect(sketch.names).toHaveLength(64);
    expect(sketch.other).toBe(10_001 - 5000 - 63);
    expect(JSON.stringify(sketch).length).toBeLessThan(6_000);
  });

  it('takes `__proto__` for a name', () => {
    expect(sketchNames(['__proto__', '__proto__', 'constructor'])).toMatchObject({
      names: ['__proto__', 'constructor'],
      counts: [2, 1],
    });
  });

  it('with others in it is compared by the names that the baseline kept', () => {
    const baseline = { kind: 'categories' as const, names: ['ok', 'scratch'], counts: [900, 50], other: 50 };
    const now = (scratch: number) =>
      Array.from({ length: 400 }, (_, i) => (i < scratch ? 'scratch' : i < 40 ? `rare ${i}` : 'ok'));
    expect(compare(baseline, now(20)).verdict).toBe('same');
    const found = compare(baseline, [...now(20), ...new Array<string>(300).fill('new')]);
    expect(found.verdict).toBe('shifted');
    expect(found.measured!.moves[0]!.label).toBe('others');
  });
});
