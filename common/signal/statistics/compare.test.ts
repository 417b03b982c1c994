import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { compareFamily } from './family.ts';
import { createRandom } from './random.ts';
import { createNumberSketcher } from './number-sketch.ts';

/** Normal numbers (Box and Muller). */
function normal(seed: number, count: number, mean = 0, sigma = 1): number[] {
  const random = createRandom(seed);
  const draw = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Array.from({ length: count }, () => mean + sigma * draw());
}

function labels(seed: number, count: number, faulty: number): string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => (random() < faulty ? 'scratch' : 'ok'));
}

describe('whether samples are as they were', () => {
  it.each(['psi', 'js', 'ks'] as const)(
    '%s finds a normal shift of 0.7 σ, and none in the same',
    (statistic) => {
      const baseline = normal(1, 600);
      expect(compare(baseline, normal(2, 300), { statistic })).toMatchObject({
        verdict: 'same',
        measured: { size: 'none' },
      });
      expect(compare(baseline, normal(3, 300, 0.7), { statistic })).toMatchObject({
        verdict: 'shifted',
        measured: { size: 'major', p: 1 / 1000 },
      });
    },
  );

  it('measures a shift of δ σ as PSI δ² and D = 2 Φ(δ / 2) − 1, nearly', () => {
    const [baseline, now] = [normal(1, 40_000), normal(2, 40_000, 0.5)];
    expect(compare(baseline, now).measured!.value).toBeGreaterThan(0.22);
    expect(compare(baseline, now).measured!.value).toBeLessThan(0.26);
    expect(compare(baseline, now, { statistic: 'ks' }).measured!.value).toBeCloseTo(0.197, 1);
  });

  it('a difference that is real and small is no shift', () => {
    const found = compare(normal(1, 50_000), normal(2, 50_000, 0.1));
    expect(found.measured!.p).toBe(1 / 1000);
    expect(found).toMatchObject({ verdict: 'same', measured: { size: 'none' } });
    expect(found.says).toMatch(/no chance .* but small: under 0\.1\.$/);
  });

  it('a difference that is large and may be chance is no shift', () => {
    const found = compare(normal(1, 30), normal(8, 30), { floor: 30, limits: { moderate: 0, major: 9 } });
    expect(found.measured!.size).toBe('moderate');
    expect(found.verdict).toBe('same');
    expect(found.says).toContain('within chance');
  });

  it('says how many of how many are missing', () => {
    expect(compare(normal(1, 400), normal(2, 87))).toMatchObject({
      verdict: 'unknown',
      measured: null,
      baseline: 400,
      now: 87,
      says: 'There are 87 of 200 samples now.',
    });
    expect(compare([], [], { floor: 0 })).toMatchObject({
      verdict: 'unknown',
      says: 'The baseline has 0 of 1 samples and there are 0 of 1 samples now.',
    });
  });

  it('compares names, new ones too, and says which moved', () => {
    const baseline = labels(1, 1000, 0.05);
    expect(compare(baseline, labels(2, 400, 0.05)).verdict).toBe('same');
    const found = compare(baseline, labels(3, 400, 0.3));
    expect(found.verdict).toBe('shifted');
    expect(found.measured!.moves[0]).toMatchObject({ label: 'scratch' });
    expect(found.measured!.moves[0]!.now).toBeGreaterThan(0.25);
    const renamed = compare(
      baseline,
      baseline.map((name) => (name === 'ok' ? 'OK' : name)),
    );
    expect(renamed.measured!.moves.slice(0, 2).map(({ label }) => label)).toEqual(['ok', 'OK']);
  });

  it('sees a constant that is no longer one, and a constant that is', () => {
    const constant = new Array<number>(300).fill(0.5);
    expect(compare(constant, constant).measured).toMatchObject({ value: 0, p: 1 });
    expect(compare(constant, normal(1, 300)).verdict).toBe('shifted');
    expect(compare(constant, new Array<number>(300).fill(0.6)).verdict).toBe('shifted');
  });

  it('refuses NaN, names with an order, and numbers against names', () => {
    const numbers = normal(1, 300);
    expect(() => compare(numbers, [...numbers, NaN], { statistic: 'ks' })).toThrow('NaN');
    expect(() => compare([...numbers, NaN], numbers)).toThrow('NaN');
    expect(() => compare(numbers, [...numbers, NaN])).toThrow('NaN');
    expect(() => compare(labels(1, 300, 0), labels(1, 300, 0), { statistic: 'ks' })).toThrow('no order');
    expect(() => compare(numbers, labels(1, 300, 0))).toThrow('A baseline of numbers says nothing');
  });

  it('compares with a sketch as with what it was made of', () => {
    const baseline = normal(1, 2000);
    const sketcher = createNumberSketcher();
    for (const value of baseline) sketcher.add(value);
    const sketch = sketcher.sketch();
    for (const statistic of ['psi', 'js', 'ks'] as const) {
      expect(compare(sketch, normal(2, 400), { statistic }).verdict).toBe('same');
      expect(compare(sketch, normal(3, 400, 0.7), { statistic }).verdict).toBe('shifted');
    }
    const now = normal(4, 400, 0.5);
    expect(compare(sketch, now).measured!.value).toBeCloseTo(compare(baseline, now).measured!.value, 1);
  });
});

describe('many at once', () => {
  const split = (good: number) => Array.from({ length: 250 }, (_, i) => (i < good ? 'ok' : 'scratch'));

  it('one just over its 99th percentile is a shift alone, and among forty may be chance', () => {
    const limits = { moderate: 0.05, major: 0.25 };
    const mild = { name: 'mild', baseline: split(100), now: split(132) };
    const clear = { name: 'clear', baseline: split(100), now: split(200) };
    const unchanged = Array.from({ length: 40 }, (_, i) => ({
      name: `${i}`,
      baseline: split(100),
      now: split(100),
    }));
    expect(compareFamily([mild], { limits })[0]).toMatchObject({ verdict: 'shifted' });
    const [first, second, ...others] = compareFamily([mild, clear, ...unchanged], { limits });
    expect(first!.measured!.value).toBeGreaterThan(first!.measured!.p99);
    expect(first).toMatchObject({ verdict: 'same' });
    expect(first!.says).toContain('Of 42 compared at once, one such may be chance.');
    expect(second).toMatchObject({ name: 'clear', verdict: 'shifted' });
    expect(others.every(({ verdict, adjustedP }) => verdict === 'same' && adjustedP === 1)).toBe(true);
  });

  it('leaves out of the family what is unknown', () => {
    const found = compareFamily([
      { name: 'a', baseline: normal(1, 300), now: normal(2, 300, 1) },
      { name: 'b', baseline: normal(1, 300), now: [] },
    ]);
    expect(found.map(({ verdict }) => verdict)).toEqual(['shifted', 'unknown']);
    expect(found[0]!.adjustedP).toBe(1 / 1000);
    expect(found[1]!.adjustedP).toBe(null);
  });
});
