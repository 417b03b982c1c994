import { dialectNames, dialectOf, optionsOf } from './index.ts';
import type { Dialect, DialectOptions, ReadingSink } from './types.ts';

/** A dialect with options, as one guess of what speaks. */
export interface Candidate {
  readonly dialect: Dialect;
  /** Those that differ from what is usual. */
  readonly options: DialectOptions;
  /** What the last accepted line gave: its values by column, where it gave any. */
  readonly sink: ValueSink;
  /** Lines that fitted and that did not. Older ones count less. */
  accepted: number;
  refused: number;
}

/** Keeps the first value of each column of one line. */
export interface ValueSink extends ReadingSink {
  readonly values: Float64Array;
  /** How many columns from the first on have a value; 0 for a remark. */
  count: number;
  clear(): void;
}

/** Whether 0 or 1 means broken can't be seen from lines. */
const tellable: Partial<Record<keyof DialectOptions, DialectOptions>> = {
  decimal: { decimal: ',' },
  offsetBinary: { offsetBinary: true },
};

/** Each dialect with each set of options that lines can tell, the usual ones first. */
export function createCandidates(): Candidate[] {
  return dialectNames.flatMap((name) =>
    variantsOf(name).map((options): Candidate => ({
      dialect: dialectOf(name, options),
      options,
      sink: createValueSink(),
      accepted: 0,
      refused: 0,
    })),
  );
}

function variantsOf(name: string): DialectOptions[] {
  let variants: DialectOptions[] = [{}];
  for (const option of optionsOf(name)) {
    const unusual = tellable[option];
    if (unusual) variants = [...variants, ...variants.map((usual) => ({ ...usual, ...unusual }))];
  }
  return variants;
}

function createValueSink(): ValueSink {
  const sink: ValueSink = {
    values: new Float64Array(32),
    count: 0,
    clear: () => void (sink.count = 0),
    moment: () => undefined,
    add(column, value) {
      sink.values[column] = value;
      sink.count = Math.max(sink.count, column + 1);
    },
    remark: () => undefined,
  };
  return sink;
}
