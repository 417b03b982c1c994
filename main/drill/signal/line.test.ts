import { describe, expect, it } from 'vitest';
import { createLine, stepResponse } from './line.ts';

const seed = 7;

describe('the physical model', () => {
  it('is the same for the same seed, however it is asked', () => {
    const late = createLine(seed).partsUntil(60);
    const line = createLine(seed);
    for (let t = 0; t < 60; t++) line.partsUntil(t);
    expect(line.partsUntil(60)).toEqual(late);
    expect(line.partsUntil(30)).toEqual(late.filter(({ at }) => at < 30));
    expect(createLine(seed + 1).partsUntil(60)).not.toEqual(late);
  });

  it('has run since a time before the start, if told', () => {
    const line = createLine(seed, -600);
    const parts = line.partsUntil(0);
    expect(parts.length).toBeGreaterThan(600 / 3.8);
    expect(parts[0]!.at).toBeLessThan(-596);
    expect(line.part(parts.length).at).toBeGreaterThanOrEqual(0);
  });

  it('rings and settles at the load', () => {
    const peak = Math.max(...Array.from({ length: 400 }, (_, i) => stepResponse(i / 1000)));
    // Overshoot of a second-order system: exp(-πζ/√(1-ζ²)) = 0.492 at ζ = 0.22
    expect(peak).toBeCloseTo(1.492, 2);
    expect(stepResponse(1.99)).toBeCloseTo(1, 6);
    const line = createLine(seed);
    const part = line.partsUntil(30)[3]!;
    const both = line.load('a', part.onScale + 1.2) + line.load('b', part.onScale + 1.2);
    expect(both).toBeCloseTo(part.grams, 0);
  });
});
