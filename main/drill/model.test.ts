import { describe, expect, it } from 'vitest';
import { createBeamBoard, createCellBoard, saturated } from './firmware.ts';
import { cellConstants, createLine, stepResponse } from './model.ts';

const seed = 7;

describe('the physical model', () => {
  it('is the same for the same seed, however it is asked', () => {
    const late = createLine(seed).partsUntil(60);
    const line = createLine(seed);
    for (let t = 0; t < 60; t++) line.partsUntil(t);
    expect(line.partsUntil(60)).toEqual(late);
    expect(createLine(seed + 1).partsUntil(60)).not.toEqual(late);
  });

  it('rings and settles at the load', () => {
    const peak = Math.max(...Array.from({ length: 400 }, (_, i) => stepResponse(i / 1000)));
    // Overshoot of a second-order system: exp(-πζ/√(1-ζ²)) = 0.492 at ζ = 0.22
    expect(peak).toBeCloseTo(1.492, 2);
    expect(stepResponse(2)).toBeCloseTo(1, 3);
    const line = createLine(seed);
    const part = line.partsUntil(30)[3]!;
    const both = line.load('a', part.onScale + 1.2) + line.load('b', part.onScale + 1.2);
    expect(both).toBeCloseTo(part.grams, 0);
  });
});

describe('the boards', () => {
  it('print 80 lines a second with noise at the floor, and lose nothing to a late timer', () => {
    const board = createCellBoard(createLine(seed), seed, 'a', () => false);
    const steps = Array.from({ length: 20 }, (_, i) => board.printUntil((i + 1) / 20)).join('');
    const once = createCellBoard(createLine(seed), seed, 'a', () => false).printUntil(1);
    expect(steps).toBe(once);
    const counts = once
      .trim()
      .split('\n')
      .map((line) => Number(line.split(',')[0]));
    expect(counts.length).toBe(81);
    const { offset, noise } = cellConstants.a;
    const rms = Math.sqrt(counts.reduce((sum, c) => sum + (c - offset) ** 2, 0) / counts.length);
    expect(rms).toBeGreaterThan(noise * 0.7);
    expect(rms).toBeLessThan(noise * 1.3);
  });

  it('stick at the rail when saturated', () => {
    const board = createCellBoard(createLine(seed), seed, 'b', () => true);
    expect(
      board
        .printUntil(0.1)
        .split('\n')
        .filter(Boolean)
        .every((line) => line.startsWith(`${saturated},`)),
    ).toBe(true);
  });

  it('report each edge once, low while broken, and a heartbeat each second', () => {
    const line = createLine(seed);
    const lines = createBeamBoard(line)
      .printUntil(30)
      .trim()
      .split('\n')
      .map((text) => text.split(','));
    const edges = lines.filter(([kind]) => kind === 'E');
    const parts = line.partsUntil(30);
    expect(lines.filter(([kind]) => kind === 'H').length).toBe(30);
    expect(edges.map(([, seq]) => Number(seq))).toEqual(edges.map((_, i) => i + 1));
    expect(edges.filter(([, , , level]) => level === '0').length).toBe(parts.length);
    expect(Number(edges[0]![2]) / 1e6).toBeCloseTo(parts[0]!.at, 5);
  });
});
