import type { Dialect, RemarkSeverity } from '../../common/wire/types.ts';

export interface Said {
  /** The values of each moment by their columns; "@" is the device's own time of it, where it has one. */
  moments: Record<string, number>[];
  remarks: { text: string; severity: RemarkSeverity }[];
}

/** What a line says to a dialect, or null when it is refused. Throws when the dialect breaks a rule of its interface. */
export function listen(dialect: Dialect, line: Uint8Array | string): Said | null {
  const said: Said = { moments: [], remarks: [] };
  const isTaken = dialect.parse(typeof line === 'string' ? new TextEncoder().encode(line) : line, {
    moment: (deviceTime) => void said.moments.push(Number.isNaN(deviceTime) ? {} : { '@': deviceTime }),
    add(index, value) {
      const moment = said.moments.at(-1);
      const { column } = dialect.columns[index] ?? {};
      if (!moment || !column || column in moment || !Number.isFinite(value))
        throw new Error(`A value ${value} of column ${index} has no place.`);
      moment[column] = value;
    },
    remark: (text, severity) => void said.remarks.push({ text, severity }),
  });
  if (isTaken) return said;
  if (said.moments.length + said.remarks.length > 0) throw new Error('A refused line has put something.');
  return null;
}
