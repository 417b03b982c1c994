import { asciiText } from './ascii.ts';
import { createNamedColumns } from './named-columns.ts';
import { createNumberReader } from './numbers.ts';
import type { Dialect, DialectOptions } from './types.ts';

const [tab, blank, comma, colon, semicolon, greater, pipe] = [9, 32, 44, 58, 59, 62, 124];
const [section, sectionLead] = [0xa7, 0xc2]; // § in UTF-8 is both, in Latin-1 the first
const longestName = 40;
const longestUnit = 20;
const mostValues = 32;
const decoder = new TextDecoder();

/** An entry's name and unit are places in its line. */
interface Value {
  nameFrom: number;
  nameTo: number;
  unitFrom: number;
  unitTo: number;
  deviceTime: number;
  value: number;
}

/**
 * Teleplot and the serial plotter: `weight:12.3§g`, several parted by ',', blanks or tabs (not ',' where it is the decimal
 * separator). An entry may have a time in milliseconds, `name:1500:12.3`, more of them as `name:1500:12.3;1510:12.4`, and
 * marks after it, `|np`; the line may begin with '>'. Names are letters, digits and `_ - .`. A name is a column from the
 * third line on that has it. Text (`|t`) and pairs (`|xy`) are refused.
 */
export function createTeleplot(options: DialectOptions = {}): Dialect {
  const point = (options.decimal ?? '.').charCodeAt(0);
  const reader = createNumberReader();
  const names = createNamedColumns(3);
  const values = Array.from({ length: mostValues }, (): Value => ({
    nameFrom: 0,
    nameTo: 0,
    unitFrom: 0,
    unitTo: 0,
    deviceTime: NaN,
    value: 0,
  }));
  let count = 0;

  /** Reads `value` or `time:value` and what follows each ';'. False when it is none. */
  function readSamples(nameFrom: number, nameTo: number): boolean {
    do {
      const first = reader.real(point);
      const isTimed = reader.take(colon);
      const value = isTimed ? reader.real(point) : first;
      const deviceTime = isTimed ? first * 1000 : NaN;
      if (Number.isNaN(first) || Number.isNaN(value) || count === mostValues) return false;
      if (isTimed && !(deviceTime >= 0 && deviceTime <= Number.MAX_SAFE_INTEGER)) return false;
      keep(nameFrom, nameTo, deviceTime, value);
    } while (reader.take(semicolon));
    return true;
  }

  function keep(nameFrom: number, nameTo: number, deviceTime: number, value: number): void {
    const kept = values[count++]!;
    kept.nameFrom = nameFrom;
    kept.nameTo = nameTo;
    kept.unitFrom = kept.unitTo = 0;
    kept.deviceTime = deviceTime;
    kept.value = value;
  }

  /** Reads `§unit` for the values from `first` on. False when it has no end in reach. */
  function readUnit(line: Uint8Array, first: number): boolean {
    reader.take(sectionLead);
    if (!reader.take(section)) return line[reader.at - 1] !== sectionLead;
    const from = reader.at;
    while (reader.at < line.length && isUnit(line[reader.at]!)) reader.at++;
    for (let i = first; i < count; i++) {
      values[i]!.unitFrom = from;
      values[i]!.unitTo = reader.at;
    }
    return reader.at - from <= longestUnit;
  }

  /** Reads `|marks`. False for text and pairs, whose values are no numbers of one channel. */
  function readMarks(line: Uint8Array): boolean {
    if (!reader.take(pipe)) return true;
    const from = reader.at;
    while (isLetter(line[reader.at])) reader.at++;
    const marks = asciiText(line, from, reader.at);
    return marks !== 't' && !marks.includes('xy');
  }

  function readEntry(line: Uint8Array): boolean {
    const from = reader.at;
    while (isOfName(line[reader.at])) reader.at++;
    const to = reader.at;
    if (to === from || to - from > longestName || !reader.take(colon)) return false;
    const first = count;
    return readSamples(from, to) && readUnit(line, first) && readMarks(line);
  }

  function readLine(line: Uint8Array): boolean {
    reader.begin(line);
    reader.take(greater);
    count = 0;
    do {
      if (!readEntry(line)) return false;
      const from = reader.at;
      while (isSeparator(line[reader.at])) reader.at++;
      if (reader.at === from && !reader.isAtEnd()) return false;
    } while (!reader.isAtEnd());
    return true;
  }

  function columnOf(line: Uint8Array, { nameFrom, nameTo, unitFrom, unitTo }: Value): number {
    const known = names.indexOf(line, nameFrom, nameTo);
    if (known >= 0) return known;
    const name = asciiText(line, nameFrom, nameTo);
    const unit = decoder.decode(line.subarray(unitFrom, unitTo)).replaceAll('\ufffd', '');
    return names.notice(name, name, unit);
  }

  return {
    name: 'teleplot',
    columns: names.columns,
    ends: 'line',
    maxLineBytes: 512,
    parse(line, out) {
      if (!readLine(line)) return false;
      names.beginLine();
      /** Columns that have a value in the moment, a bit each. */
      let filled = 0;
      let time = 0;
      for (let i = 0; i < count; i++) {
        const { deviceTime, value } = values[i]!;
        const column = columnOf(line, values[i]!);
        if (column < 0) continue;
        if (filled === 0 || filled & (1 << column) || !Object.is(time, deviceTime)) {
          out.moment(deviceTime);
          time = deviceTime;
          filled = 0;
        }
        filled |= 1 << column;
        out.add(column, value);
      }
      return true;
    },
  };

  function isSeparator(byte: number | undefined): boolean {
    return byte === blank || byte === tab || (byte === comma && point !== comma);
  }
}

const isLetter = (byte = 0) => (byte | 32) >= 97 && (byte | 32) <= 122;
const isOfName = (byte = 0) =>
  isLetter(byte) || (byte >= 48 && byte <= 57) || byte === 95 || byte === 45 || byte === 46;
/** What a unit is made of: all but separators, marks and control bytes. */
const isUnit = (byte: number) => byte > blank && byte !== 127 && byte !== comma && byte !== pipe;
