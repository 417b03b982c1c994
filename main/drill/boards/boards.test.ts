import { describe, expect, it } from 'vitest';
import {
  rigBeamDialects as beamDialects,
  rigCellDialects as cellDialects,
  type RigBeamDialect as BeamDialect,
  type RigCellDialect as CellDialect,
} from '../../../common/contract/rig-dialects.ts';
import { concat, fromUtf8 } from '../../../common/lib/bytes.ts';
import { createReader } from '../../../native/device-host/reader.ts';
import { createBeamSignal, type BeamFault } from '../signal/beam-signal.ts';
import { createCellSignal, type CellFault, type CellSample } from '../signal/cell-signal.ts';
import { createLine } from '../signal/line.ts';
import { createBeamBoard } from './beam-board.ts';
import { printUntil, type Board } from './board.ts';
import { createCellBoard, type CellBoardOptions } from './cell-board.ts';
import { createJetsonBoard } from './jetson-board.ts';

const seed = 7;
const now = 1_795_000_000_000_000;

const cellBoard = (options: Partial<CellBoardOptions> & { faults?: CellFault[] } = {}) =>
  createCellBoard(createCellSignal({ seed, cell: 'a', faults: options.faults }), {
    dialect: 'hx711-csv',
    from: 0,
    ...options,
  });
const beamBoard = (dialect: BeamDialect, faults: BeamFault[] = []) =>
  createBeamBoard(createBeamSignal({ seed, faults }), { dialect, from: 0 });
const jetson = (line = createLine(seed)) => createJetsonBoard({ seed, line, from: 0, startedAt: now / 1000 });

/** What the device's own reader makes of all that a board sends in `seconds`; nothing of it may be refused. */
function heard(board: Board, seconds: number, options: CellBoardOptions['decimal'] = '.') {
  const reader = createReader({ id: 'it', dialect: board.dialect, options: { decimal: options } }, {}, now);
  reader.beginConnection(now);
  reader.read(printUntil(board, seconds), now + seconds * 1e6);
  expect([reader.rejectedLines, reader.rejectedBytes, reader.takeLost()]).toEqual([0, 0, 0]);
  const values: Record<string, number[]> = {};
  for (const { channel, v } of reader.takeBlocks()) values[channel.slice(3)] = [...v];
  return { values, remarks: reader.takeRemarks(now).map(({ text }) => text) };
}

/** The samples of the same cell. */
function samplesOf(seconds: number): CellSample[] {
  const signal = createCellSignal({ seed, cell: 'a' });
  const all: CellSample[] = [];
  for (let sample = signal.next(seconds); sample; sample = signal.next(seconds)) all.push(sample);
  return all;
}

/** Adding 0 makes a plain zero of −0. */
const round = (digits: number) => (value: number) => Number(value.toFixed(digits)) + 0;
const raws = (all: CellSample[]) => all.map(({ raw }) => raw);
const weights = (all: CellSample[], digits: number) => all.map(({ weight }) => round(digits)(weight));

/** What each dialect's reader must make of samples. A column that lines tell is known from its first lines on. */
const expected: Record<CellDialect, (all: CellSample[]) => Record<string, number[]>> = {
  'hx711-csv': (all) => ({ raw: raws(all), weight: weights(all, 2) }),
  'hx711-reading': (all) => ({ raw: raws(all) }),
  'hx711-average': (all) => ({
    weight: weights(all, 1),
    average: all.map((_, i) => {
      const last = all.slice(Math.max(0, i - 9), i + 1);
      return round(1)(last.reduce((sum, { weight }) => sum + weight, 0) / last.length);
    }),
  }),
  'hx711-loadcell': (all) => ({ weight: weights(all, 2) }),
  'hx711-weight-raw': (all) => ({ raw: raws(all), weight: weights(all, 1) }),
  csv: (all) => ({ c1: all.slice(1).map(({ t }) => round(3)(t)), c2: weights(all, 2).slice(1) }),
  teleplot: (all) => ({ weight: weights(all, 1).slice(2) }),
  frames: (all) => ({ raw: raws(all) }),
};

describe('a load cell’s board', () => {
  it.each(cellDialects)('speaks %s as its reader has it', (dialect) => {
    const samples = samplesOf(8);
    expect(samples.length).toBeGreaterThan(600);
    expect(heard(cellBoard({ dialect }), 8)).toEqual({ values: expected[dialect](samples), remarks: [] });
  });

  it.each(cellDialects)('speaks %s with a decimal comma', (dialect) => {
    const board = cellBoard({ dialect, decimal: ',' });
    expect(heard(board, 8, ',').values).toEqual(expected[dialect](samplesOf(8)));
  });

  it.each(cellDialects)('loses nothing of %s to a late timer', (dialect) => {
    const board = cellBoard({ dialect });
    const steps = Array.from({ length: 20 }, (_, i) => printUntil(board, (i + 1) / 20));
    expect(concat(...steps)).toEqual(printUntil(cellBoard({ dialect }), 1));
  });

  it('says that its chip is not ready, each second, where its firmware does', () => {
    const faults: CellFault[] = [{ name: 'dout-high', severity: 'severe', onset: 0, end: Infinity }];
    const said = (dialect: CellDialect) => heard(cellBoard({ dialect, faults }), 3).remarks;
    expect(said('hx711-reading')).toEqual(['HX711 not found.']);
    expect(said('hx711-loadcell')).toEqual(['Timeout, check MCU>HX711 wiring and pin designations']);
    expect(said('hx711-csv')).toEqual([]);
    const text = fromUtf8(printUntil(cellBoard({ dialect: 'hx711-reading', faults }), 2.95));
    expect(text.match(/not found/g)?.length).toBe(3);
  });

  it('counts its own time from when it was switched on', () => {
    const line = createLine(seed, -600);
    const signal = createCellSignal({ seed, cell: 'a', line, from: -600 });
    const board = createCellBoard(signal, { dialect: 'csv', from: -600 });
    expect(fromUtf8(printUntil(board, -599)).split(/[,\n]/)[0]).toBe('0.000');
  });
});

describe('the beam’s board', () => {
  const edges = () =>
    createBeamSignal({ seed })
      .until(30)
      .filter(({ kind }) => kind === 'edge');

  it.each(beamDialects)('speaks %s as its reader has it', (dialect) => {
    const events = createBeamSignal({ seed }).until(30);
    const spoken = dialect === 'beam-events' ? events : edges();
    expect(spoken.length).toBeGreaterThan(12);
    expect(heard(beamBoard(dialect), 30).values).toEqual({ beam: spoken.map(({ level }) => level) });
  });

  it('reports each edge once, low while broken, and a heartbeat each second', () => {
    const lines = fromUtf8(printUntil(beamBoard('beam-events'), 30))
      .trim()
      .split('\n')
      .map((text) => text.split(','));
    const told = lines.filter(([kind]) => kind === 'E');
    const parts = createLine(seed).partsUntil(30);
    expect(lines.filter(([kind]) => kind === 'H').length).toBe(30);
    expect(told.map(([, seq]) => Number(seq))).toEqual(told.map((_, i) => i + 1));
    expect(told.filter(([, , , level]) => level === '0').length).toBe(parts.length);
    expect(Number(told[0]![2]) / 1e6).toBeCloseTo(parts[0]!.at, 5);
  });
});

describe('the Jetson', () => {
  it('prints tegrastats as its reader has it, each second', () => {
    const { values } = heard(jetson(), 120);
    expect(Object.keys(values)).toEqual(
      expect.arrayContaining(['ram', 'cpu0', 'cpu5', 'gr3d', 'temp-cpu', 'temp-tj', 'vdd_in']),
    );
    // A column is known from the second line on.
    for (const all of Object.values(values)) expect(all.length).toBe(119);
    expect(Math.min(...values.vdd_in!)).toBeGreaterThan(4_000);
    expect(Math.max(...values['temp-tj']!)).toBeLessThan(70);
  });

  it('works harder while parts are in view', () => {
    const idle = { ...createLine(seed), countBefore: () => 0 };
    const mean = (all: number[]) => all.reduce((sum, value) => sum + value, 0) / all.length;
    expect(mean(heard(jetson(), 60).values.gr3d!)).toBeGreaterThan(
      mean(heard(jetson(idle), 60).values.gr3d!) + 10,
    );
  });

  it('dates its lines', () => {
    expect(fromUtf8(printUntil(jetson(), 1))).toMatch(/^11-18-2026 \d\d:\d\d:\d\d RAM \d+\/7620MB /);
  });
});
