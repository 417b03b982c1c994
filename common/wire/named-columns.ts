import { mostColumns, type DialectColumn } from './types.ts';

/**
 * Columns whose names come with the values. A name becomes a column when it comes a second time, so that one that a bit
 * error made takes no place; at most `mostColumns`.
 */
export interface NamedColumns {
  readonly columns: DialectColumn[];
  /** The index of the column called `bytes[from, to)`; -1 when there is none. Fast where names come in the same order. */
  indexOf(bytes: Uint8Array, from: number, to: number): number;
  /** The index of the column called `name`, which stood in a line that is taken; -1 while it is none. Makes it one. */
  notice(name: string, title: string, unit: string): number;
}

const mostCandidates = 64;

export function createNamedColumns(): NamedColumns {
  const columns: DialectColumn[] = [];
  const indices = new Map<string, number>();
  const names: Uint8Array[] = [];
  const candidates = new Set<string>();
  /** Where the next name is expected. */
  let next = 0;

  function matches(name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
    if (name.length !== to - from) return false;
    for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false;
    return true;
  }

  function isCandidate(name: string): boolean {
    if (candidates.delete(name)) return true;
    if (candidates.size >= mostCandidates) candidates.clear();
    candidates.add(name);
    return false;
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
    notice(name, title, unit) {
      const known = indices.get(name);
      if (known !== undefined) return known;
      if (columns.length >= mostColumns || !isCandidate(name)) return -1;
      indices.set(name, columns.length);
      names.push(Uint8Array.from(name, (character) => character.charCodeAt(0)));
      return columns.push({ column: name, name: title, unit, kind: 'linear' }) - 1;
    },
  };
}
