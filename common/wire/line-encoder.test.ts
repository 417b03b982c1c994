import { describe, expect, it } from 'vitest';
import { dialectOf } from './index.ts';
import {
  createLineEncoder,
  encodedDialectOf,
  type EncodedDialect,
  type LineEncoder,
} from './line-encoder.ts';
import { createSplitter } from './splitter.ts';

interface Row {
  time: number;
  values: number[];
}

/** What the dialect's own parser reads of the rows that the encoder prints. */
function readBack(dialect: EncodedDialect, encoder: LineEncoder, rows: Row[]): Row[] {
  const parser = dialectOf(dialect);
  const read: Row[] = [];
  const out = {
    moment: (time: number) => void read.push({ time, values: [] }),
    add: (column: number, value: number) => void (read.at(-1)!.values[column] = value),
    remark: () => expect.fail('a remark'),
  };
  const splitter = createSplitter(
    parser.maxLineBytes,
    {
      onLine: (line) => expect(parser.parse(line, out)).toBe(true),
      onRejected: () => expect.fail('a rejected line'),
    },
    parser.ends,
  );
  for (const { time, values } of rows) splitter.push(encoder.encode(time, values));
  expect(parser.takeLost?.() ?? 0).toBe(0);
  return read;
}

const rowsOf = (values: number[][]): Row[] =>
  values.map((row, i) => ({ time: 1_000_000 + i * 12_500, values: row }));

describe('captured samples printed again', () => {
  it('as a cell are the same counts and grams, to the last digit', () => {
    const encoder = createLineEncoder('hx711-csv', ['weight', 'raw']);
    expect(encoder.columns).toEqual(['raw', 'weight']);
    const rows = rowsOf([
      [-8_388_608, -19_972.88],
      [8_388_607, 0.1],
      [0, 0],
      [5, 123_456_789.125],
      [6, 0.0000001],
      [7, -0.000000125],
    ]);
    expect(readBack('hx711-csv', encoder, rows).map(({ values }) => values)).toEqual(
      rows.map(({ values }) => values),
    );
  });

  it('as a beam are the same levels at the same times: edges numbered, heartbeats between', () => {
    const encoder = createLineEncoder('beam-events', ['beam']);
    const rows = rowsOf([[1], [1], [0], [1], [1], [1], [0], [0]]);
    expect(readBack('beam-events', encoder, rows)).toEqual(rows);
    expect(new TextDecoder().decode(encoder.encode(2 ** 32 + 7.4, [1]))).toBe('E,4,7,1\n');
  });

  it('as frames are the same counts at the same times, in as many columns', () => {
    const encoder = createLineEncoder('frames', ['raw', 'raw2', 'raw3']);
    const rows = rowsOf([
      [-8_388_608, 8_388_607, 0],
      [2 ** 31 - 1, -(2 ** 31) + 1, 1],
    ]);
    expect(readBack('frames', encoder, rows)).toEqual(rows);
  });

  it.each<[EncodedDialect, string[]]>([
    ['hx711-reading', ['raw']],
    ['hx711-average', ['weight', 'average']],
    ['hx711-loadcell', ['weight']],
    ['hx711-weight-raw', ['raw', 'weight']],
    ['beam-text', ['beam']],
    ['beam-level', ['beam']],
    ['csv', ['c1', 'c2', 'c3']],
    ['teleplot', ['temp-cpu', 'vdd_in']],
  ])('as %s are the same values, each row once', (dialect, columns) => {
    const encoder = createLineEncoder(dialect, columns);
    expect(encoder.columns).toEqual(columns);
    const rows = rowsOf(
      [0, 1, 1, 0, 1].map((value, i) =>
        columns.map((column, k) =>
          column === 'beam' ? value : column === 'raw' ? value * -8_388_608 + i : value * 12.75 - k / 8,
        ),
      ),
    );
    expect(
      readBack(dialect, encoder, rows)
        .map(({ values }) => values)
        .filter(({ length }) => length > 0),
    ).toEqual(rows.map(({ values }) => values));
  });

  it.each([
    ['hx711-csv', [1.5, 1]],
    ['hx711-csv', [1, NaN]],
    ['hx711-csv', [1, 1e-300]],
    ['beam-events', [0.5]],
    ['frames', [2 ** 31, 0]],
  ] as const)('that %s can not say are refused: %j', (dialect, row) => {
    const columns = { 'hx711-csv': ['raw', 'weight'], 'beam-events': ['beam'], frames: ['raw', 'raw2'] };
    const encoder = createLineEncoder(dialect, columns[dialect]);
    expect(() => encoder.encode(0, row)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });

  it('need all columns of their dialect, which is known by them', () => {
    expect(() => createLineEncoder('hx711-csv', ['raw'])).toThrow(/missing: weight/);
    expect(() => createLineEncoder('frames', ['raw', 'weight'])).toThrow(/missing: raw2/);
    expect(encodedDialectOf(['weight', 'raw'])).toBe('hx711-csv');
    expect(encodedDialectOf(['beam'])).toBe('beam-events');
    expect(encodedDialectOf(['raw', 'raw2'])).toBe('frames');
    expect(encodedDialectOf(['weight'])).toBe('hx711-loadcell');
    expect(encodedDialectOf(['average', 'weight'])).toBe('hx711-average');
    expect(encodedDialectOf(['c1', 'c2', 'c3'])).toBe('csv');
    expect(encodedDialectOf(['temp-cpu', 'gr3d'])).toBe('teleplot');
    expect(encodedDialectOf(['a b'])).toBeNull();
    expect(encodedDialectOf([])).toBeNull();
  });
});
