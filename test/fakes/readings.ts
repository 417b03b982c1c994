import type { Dialect, RemarkSeverity } from '../../common/wire/types.ts';

/** One value that a line gave. */
export interface Reading {
  column: string;
  value: number;
  deviceTime?: number;
}

export interface Said {
  readings: Reading[];
  remarks: { text: string; severity: RemarkSeverity }[];
}

/** What a line says to a dialect, or null when it is refused. Throws when a refused line has put something. */
export function listen(dialect: Dialect, line: Uint8Array | string): Said | null {
  const said: Said = { readings: [], remarks: [] };
  let deviceTime = NaN;
  let isMoment = false;
  const isTaken = dialect.parse(typeof line === 'string' ? new TextEncoder().encode(line) : line, {
    moment(time) {
      deviceTime = time;
      isMoment = true;
    },
    add(index, value) {
      if (!isMoment) throw new Error('A value outside a moment.');
      const { column } = dialect.columns[index]!;
      said.readings.push({ column, value, ...(Number.isNaN(deviceTime) ? {} : { deviceTime }) });
    },
    remark: (text, severity) => void said.remarks.push({ text, severity }),
  });
  if (isTaken) return said;
  if (isMoment || said.remarks.length > 0) throw new Error('A refused line has put something.');
  return null;
}

/** The values of a line by their columns; null when it is refused. */
export function valuesOf(dialect: Dialect, line: Uint8Array | string): Record<string, number> | null {
  const said = listen(dialect, line);
  return said && Object.fromEntries(said.readings.map(({ column, value }) => [column, value]));
}
