import { utf8 } from '../lib/bytes.ts';
import { WarroomError } from '../lib/errors.ts';
import { createFrameEncoder } from './frame-encoder.ts';

/** Dialects that captured samples can be printed in again. */
export const encodedDialects = [
  ...(['hx711-csv', 'hx711-reading', 'hx711-average', 'hx711-loadcell', 'hx711-weight-raw'] as const),
  ...(['csv', 'teleplot', 'beam-events', 'beam-text', 'beam-level', 'frames'] as const),
];
export type EncodedDialect = (typeof encodedDialects)[number];

/** Prints samples as a board of one dialect would: its own parser reads the same values again. Keeps numbers of its own. */
export interface LineEncoder {
  /** The columns of a row, in this order. */
  readonly columns: readonly string[];
  /**
   * The bytes of one row. `time`: the board's own, microseconds since its start, not falling. Throws `bad-input` for a
   * value that the dialect can't say.
   */
  encode(time: number, row: ArrayLike<number>): Uint8Array;
}

interface Print {
  /** The columns that it prints of those that the device had. */
  columns(has: readonly string[]): readonly string[];
  /** A new board, for the columns that it prints. */
  begin(columns: readonly string[]): LineEncoder['encode'];
}

const line = (columns: string[], say: (row: ArrayLike<number>) => string): Print => ({
  columns: () => columns,
  begin: () => (_time, row) => utf8(`${say(row)}\n`),
});

const csvColumns = (has: readonly string[]) => has.map((_, i) => `c${i + 1}`);
const frameColumns = (has: readonly string[]) =>
  has.length === 0 ? ['raw'] : has.map((_, i) => (i === 0 ? 'raw' : `raw${i + 1}`));

const prints: Record<EncodedDialect, Print> = {
  'hx711-csv': line(['raw', 'weight'], (row) => `${int32(row[0])},${decimal(row[1])}`),
  'hx711-reading': line(['raw'], (row) => `HX711 reading: ${int32(row[0])}`),
  'hx711-average': line(
    ['weight', 'average'],
    (row) => `one reading:\t${decimal(row[0])}\t| average:\t${decimal(row[1])}`,
  ),
  'hx711-loadcell': line(['weight'], (row) => `Load_cell output val: ${decimal(row[0])}`),
  'hx711-weight-raw': line(['raw', 'weight'], (row) => `W:${decimal(row[1])},raw:${int32(row[0])}`),
  'beam-text': line(['beam'], (row) => (level(row[0]) === 0 ? 'Broken' : 'Unbroken')),
  'beam-level': line(['beam'], (row) => String(level(row[0]))),
  'beam-events': { columns: () => ['beam'], begin: createBeamEncode },
  // The first line of a width gives its parser no sample yet, nor do the first two of a name.
  csv: {
    columns: csvColumns,
    begin: () => repeatFirst(2, (row) => Array.from(row, decimal).join(',')),
  },
  teleplot: {
    columns: (has) => has,
    begin: (columns) =>
      repeatFirst(3, (row) => columns.map((name, i) => `${name}:${decimal(row[i])}`).join(',')),
  },
  frames: {
    columns: frameColumns,
    begin(columns) {
      const frames = createFrameEncoder({ channels: columns.length, width: 4 });
      return (time, row) => frames.encode(Math.round(time), Array.from(row, int32));
    },
  },
};

/** `columns`: those that the device had; which ones are printed the dialect says. Throws `bad-input` where some are missing. */
export function createLineEncoder(dialect: EncodedDialect, columns: readonly string[]): LineEncoder {
  const print = prints[dialect];
  const printed = needed(dialect, columns, print.columns(columns));
  return { columns: printed, encode: print.begin(printed) };
}

const isTeleplotName = (name: string) => /^[\w.-]{1,40}$/.test(name);
const mostOnALine = 20;

/**
 * The dialect in which a device with these columns is printed again: one that has just these, or teleplot, which names
 * any. Null where it can't.
 */
export function encodedDialectOf(columns: readonly string[]): EncodedDialect | null {
  const sorted = (names: readonly string[]) => [...names].sort().join();
  const isAll = (names: readonly string[]) => sorted(names) === sorted(columns);
  if (columns.length === 0) return null;
  if (isAll(['raw', 'weight'])) return 'hx711-csv';
  if (isAll(['beam'])) return 'beam-events';
  if (isAll(['weight'])) return 'hx711-loadcell';
  if (isAll(['weight', 'average'])) return 'hx711-average';
  if (columns.every((column) => /^raw([2-9]|[1-9]\d)?$/.test(column))) return 'frames';
  if (isAll(csvColumns(columns))) return 'csv';
  return columns.length <= mostOnALine && columns.every(isTeleplotName) ? 'teleplot' : null;
}

/** The first row is printed so often. */
function repeatFirst(times: number, say: (row: ArrayLike<number>) => string): LineEncoder['encode'] {
  let left = times;
  return (_time, row) => {
    const text = `${say(row)}\n`;
    const bytes = utf8(text.repeat(left));
    left = 1;
    return bytes;
  };
}

function needed(dialect: string, has: readonly string[], wanted: readonly string[]): readonly string[] {
  const missing = wanted.filter((column) => !has.includes(column));
  if (missing.length > 0)
    throw new WarroomError(
      'bad-input',
      `${dialect} has the columns ${wanted.join(', ')}; missing: ${missing.join(', ')}.`,
      `It has ${has.join(', ') || 'none'}: choose another dialect or device.`,
    );
  return wanted;
}

/** A level that differs from the one before is an edge; the same again was a heartbeat, which holds it. */
function createBeamEncode(): LineEncoder['encode'] {
  let edges = 0;
  let before = NaN;
  return (time, row) => {
    const next = level(row[0]);
    const isEdge = !Number.isNaN(before) && next !== before;
    if (isEdge) edges++;
    before = next;
    return utf8(`${isEdge ? 'E' : 'H'},${edges},${Math.round(time) % 2 ** 32},${next}\n`);
  };
}

function level(value = NaN): 0 | 1 {
  if (value !== 0 && value !== 1) throw unsayable(value);
  return value;
}

function int32(value = NaN): number {
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1) throw unsayable(value);
  return value;
}

/** The shortest decimals without an exponent that are this double. */
function decimal(value = NaN): string {
  const text = String(value);
  if (!Number.isFinite(value)) throw unsayable(value);
  if (!text.includes('e')) return text;
  const fixed = value.toFixed(20).replace(/\.?0+$/, '');
  if (Number(fixed) !== value) throw unsayable(value);
  return fixed;
}

const unsayable = (value: number) =>
  new WarroomError('bad-input', `${value} is no value that this dialect can say.`, 'Choose another dialect.');
