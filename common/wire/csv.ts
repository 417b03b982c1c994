import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectColumn, DialectOptions } from './types.ts';

const comma = 44;
const semicolon = 59;
const blank = 32;
const mostValues = 16;
/** Lines in a row that agree on another number of columns until it is believed. */
const linesToAgree = 2;
const linesToChange = 16;

/**
 * Numbers in columns, as `1.234,12.34`: 1 to 16 of them, parted by ',' or ';' or blanks and tabs, the same in all of a line
 * (not by ',' where it is the decimal separator). Two lines in a row fix how many there are: the first of them is taken and
 * gives no sample, since it may be the rest of a line. After that other lines are refused, until sixteen in a row agree on
 * another number, or two on one that was fixed before. Columns are `c1`, `c2` …
 */
export function createCsv(options: DialectOptions = {}): Dialect {
  const point = (options.decimal ?? '.').charCodeAt(0);
  const reader = createNumberReader();
  const values = new Float64Array(mostValues);
  const columns: DialectColumn[] = [];
  /** Values of a line; 0 before that is known. */
  let width = 0;
  /** Values of the last line that was not as wide, and how many such came in a row. */
  let candidate = 0;
  let agreeing = 0;
  const widthsBefore = new Set<number>();

  /** Steps over one separator. Answers its byte, a blank for blanks and tabs alone, 0 where there is none. */
  function takeSeparator(): number {
    const from = reader.at;
    reader.skipBlanks();
    let separator = reader.at > from ? blank : 0;
    if (point !== comma && reader.take(comma)) separator = comma;
    else if (reader.take(semicolon)) separator = semicolon;
    reader.skipBlanks();
    return separator;
  }

  /** Reads the line's values. Answers how many; 0 when it is none of numbers alone. */
  function readValues(line: Uint8Array): number {
    reader.begin(line);
    reader.skipBlanks();
    let first = 0;
    for (let count = 0; count < mostValues;) {
      const value = reader.real(point);
      if (Number.isNaN(value)) return 0;
      values[count++] = value;
      const separator = takeSeparator();
      // Many a sketch puts a separator after the last value too.
      if (reader.isAtEnd()) return count;
      first ||= separator;
      if (separator === 0 || separator !== first) return 0;
    }
    return 0;
  }

  /** Whether a line of `count` values may be taken; learns from one that is not as wide as those before. */
  function agrees(count: number): boolean {
    if (count === width || count === 0) {
      agreeing = 0;
      return count > 0;
    }
    agreeing = count === candidate ? agreeing + 1 : 1;
    candidate = count;
    const isBelieved = width === 0 || widthsBefore.has(count);
    if (agreeing < (isBelieved ? linesToAgree : linesToChange)) return false;
    width = count;
    widthsBefore.add(width);
    agreeing = 0;
    for (let n = columns.length + 1; n <= width; n++)
      columns.push({ column: `c${n}`, name: `Column ${n}`, unit: '', kind: 'linear' });
    return true;
  }

  return {
    name: 'csv',
    columns,
    ends: 'line',
    maxLineBytes: 512,
    parse(line, out) {
      const count = readValues(line);
      if (!agrees(count)) return width === 0 && count > 0;
      out.moment(NaN);
      for (let i = 0; i < count; i++) out.add(i, values[i]!);
      return true;
    },
  };
}
