import { utf8 } from '../lib/bytes.ts';
import { WarroomError } from '../lib/errors.ts';
import { createFrameEncoder } from './frame-encoder.ts';

/** Dialects that captured samples can be printed in again. */
export const encodedDialects = ['hx711-csv', 'beam-events', 'frames'] as const;
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

/** `columns`: those that the device had; which ones are printed the dialect says. Throws `bad-input` where some are missing. */
export function createLineEncoder(dialect: EncodedDialect, columns: readonly string[]): LineEncoder {
  if (dialect === 'hx711-csv')
    return { columns: needed(dialect, columns, ['raw', 'weight']), encode: encodeCell };
  if (dialect === 'beam-events')
    return { columns: needed(dialect, columns, ['beam']), encode: createBeamEncode() };
  const raws = columns.map((_, i) => (i === 0 ? 'raw' : `raw${i + 1}`));
  const frames = createFrameEncoder({ channels: Math.max(1, columns.length), width: 4 });
  return {
    columns: needed(dialect, columns, raws.length > 0 ? raws : ['raw']),
    encode: (time, row) => frames.encode(Math.round(time), Array.from(row, int32)),
  };
}

/** The dialect in which a device with these columns is printed again; null for none of them. */
export function encodedDialectOf(columns: readonly string[]): EncodedDialect | null {
  const sorted = [...columns].sort().join();
  if (sorted === 'raw,weight') return 'hx711-csv';
  if (sorted === 'beam') return 'beam-events';
  return columns.length > 0 && columns.every((column) => /^raw([2-9]|[1-9]\d)?$/.test(column))
    ? 'frames'
    : null;
}

function needed(dialect: string, has: readonly string[], wanted: string[]): string[] {
  const missing = wanted.filter((column) => !has.includes(column));
  if (missing.length > 0)
    throw new WarroomError(
      'bad-input',
      `${dialect} has the columns ${wanted.join(', ')}; missing: ${missing.join(', ')}.`,
      `It has ${has.join(', ') || 'none'}: choose another dialect or device.`,
    );
  return wanted;
}

function encodeCell(_time: number, { 0: raw = NaN, 1: weight = NaN }: ArrayLike<number>): Uint8Array {
  return utf8(`${int32(raw)},${decimal(weight)}\n`);
}

/** A level that differs from the one before is an edge; the same again was a heartbeat, which holds it. */
function createBeamEncode(): LineEncoder['encode'] {
  let edges = 0;
  let level = NaN;
  return (time, { 0: next = NaN }) => {
    if (next !== 0 && next !== 1) throw unsayable(next);
    const isEdge = !Number.isNaN(level) && next !== level;
    if (isEdge) edges++;
    level = next;
    return utf8(`${isEdge ? 'E' : 'H'},${edges},${Math.round(time) % 2 ** 32},${next}\n`);
  };
}

function int32(value: number): number {
  if (!Number.isInteger(value) || Math.abs(value) > 2 ** 31 - 1) throw unsayable(value);
  return value;
}

/** The shortest decimals without an exponent that are this double. */
function decimal(value: number): string {
  const text = String(value);
  if (!Number.isFinite(value)) throw unsayable(value);
  if (!text.includes('e')) return text;
  const fixed = value.toFixed(20).replace(/\.?0+$/, '');
  if (Number(fixed) !== value) throw unsayable(value);
  return fixed;
}

const unsayable = (value: number) =>
  new WarroomError('bad-input', `${value} is no value that this dialect can say.`, 'Choose another dialect.');
