import { mostColumns, type DialectColumn } from './types.ts';

/**
 * Columns whose names come with the values. A name becomes a column when it came in several of the last hundred lines, so
 * that one that a bit error made takes no place; at most `mostColumns`.
 */
export interface NamedColumns {
  readonly columns: DialectColumn[];
  /** The index of the column called `bytes[from, to)`; -1 when there is none. Fast where names come in the same order. */
  indexOf(bytes: Uint8Array, from: number, to: number): number;
  /** A line is taken. */
  beginLine(): void;
  /** The index of the column called `name`, which stands in that line; -1 while it is none. Makes it one. */
  notice(name: string, title: string, unit: string): number;
}

const mostCandidates = 64;
const linesToRemember = 100;

/** `sightings`: in how many lines a name must come before it is a column. */
export function createNamedColumns(sightings: number): NamedColumns {
  const columns: DialectColumn[] = [];
  const indices = new Map<string, number>();
  const names: Uint8Array[] = [];
  const candidates = new Map<string, { seen: number; firstLine: number; lastLine: number }>();
  let line = 0;
  /** Where the next name is expected. */
  let next = 0;

  function matches(name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
    if (name.length !== to - from) return false;
    for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false;
    return true;
  }

  /** Notes the name. Answers whether it came often enough. */
  function isBelieved(name: string): boolean {
    let candidate = candidates.get(name);
    if (!candidate || line - candidate.firstLine > linesToRemember) {
      if (candidates.size >= mostCandidates) candidates.clear();
      candidate = { seen: 0, firstLine: line, lastLine: -1 };
      candidates.set(name, candidate);
    }
    // Twice in one line is once.
    if (candidate.lastLine !== line) candidate.seen++;
    candidate.lastLine = line;
    return candidate.seen >= sightings && candidates.delete(name);
  }

  return {
    columns,
    indexOf(bytes, from, to) {
      for (let tried = 0; tried < names.length; tried++) {
        const index = (next + tried) % names.length;
        if (!matches(names[index]!, bytes, from, to)) continue;
        next = index + 1;
        return index;
      }
      return -1;
    },
    beginLine: () => void line++,
    notice(name, title, unit) {
      const known = indices.get(name);
      if (known !== undefined) return known;
      if (columns.length >= mostColumns || !isBelieved(name)) return -1;
      indices.set(name, columns.length);
      names.push(Uint8Array.from(name, (character) => character.charCodeAt(0)));
      return columns.push({ column: name, name: title, unit, kind: 'linear' }) - 1;
    },
  };
}
