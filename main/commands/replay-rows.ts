import type { Samples } from '../../common/signal/series.ts';

/** Values that were measured together, in the order of the columns. `t`: microseconds since 1970. */
export interface Row {
  t: number;
  values: number[];
}

/** Puts the columns of one device together again: they come in blocks, one column after another. */
export interface RowJoin {
  add(column: number, samples: Samples): void;
  /** Rows that are whole by now, in order. */
  take(): Row[];
  /** Samples without their row: the others of it are not in the capture. */
  readonly leftOut: number;
}

interface Waiting {
  t: number;
  v: number;
}

export function createRowJoin(columns: number): RowJoin {
  const waiting = Array.from({ length: columns }, (): Waiting[] => []);
  let leftOut = 0;

  function nextRow(heads: Waiting[]): Row | null {
    const newest = Math.max(...heads.map(({ t }) => t));
    if (heads.every(({ t }) => t === newest)) {
      for (const of of waiting) of.shift();
      return { t: newest, values: heads.map(({ v }) => v) };
    }
    // What is older than the newest head has no partner any more.
    for (const of of waiting)
      while (of[0] && of[0].t < newest) {
        of.shift();
        leftOut++;
      }
    return null;
  }

  return {
    add(column, { t, v }) {
      for (let i = 0; i < t.length; i++) waiting[column]!.push({ t: t[i]!, v: v[i]! });
    },
    take() {
      const rows: Row[] = [];
      for (;;) {
        const heads = waiting.map((of) => of[0]);
        if (!heads.every((head) => head !== undefined)) return rows;
        const row = nextRow(heads);
        if (row) rows.push(row);
      }
    },
    get leftOut() {
      return leftOut + waiting.reduce((sum, of) => sum + of.length, 0);
    },
  };
}
