import { describe, expect, it } from 'vitest';
import { createBeamBoard, createCellBoard } from './firmware.ts';
import { createBeamSignal } from './signal/beam-signal.ts';
import { createCellSignal } from './signal/cell-signal.ts';
import { createLine } from './signal/line.ts';

const seed = 7;

describe('the boards', () => {
  it('print what their sensor measures, and lose nothing to a late timer', () => {
    const board = createCellBoard(createCellSignal({ seed, cell: 'a' }));
    const steps = Array.from({ length: 20 }, (_, i) => board.printUntil((i + 1) / 20)).join('');
    const once = createCellBoard(createCellSignal({ seed, cell: 'a' })).printUntil(1);
    expect(steps).toBe(once);
    const lines = once.trim().split('\n');
    expect(Math.abs(lines.length - 80)).toBeLessThan(4);
    expect(lines.every((line) => /^-8\d{4},-?\d\.\d\d$/.test(line))).toBe(true);
  });

  it('report each edge once, low while broken, and a heartbeat each second', () => {
    const line = createLine(seed);
    const lines = createBeamBoard(createBeamSignal({ seed }))
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
