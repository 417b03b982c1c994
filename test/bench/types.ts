/** One measured figure. */
export interface Figure {
  metric: string;
  value: number;
  unit: string;
}

/** What a figure must reach: at least `min`, at most `max`. */
export interface Bar {
  min?: number;
  max?: number;
}

/** What a `*.bench.ts` exports. */
export interface Bench {
  name: string;
  run(): Promise<Figure[]>;
  bars: Record<string, Bar>;
}
