/** The samples of a channel as runs, one after another: what a series and its snapshot read. */
import type { Body, ColumnFrame } from './columns.ts';
import type { Holder } from './holder.ts';

/** Samples as they were appended. */
export interface Samples {
  t: Float64Array;
  v: Float64Array;
}

/** Samples numbered from `start` on. Between two runs numbers may be missing: those of samples that were given up. */
export interface Run {
  readonly start: number;
  count: number;
  readonly firstTime: number;
  lastTime: number;
  body: Body;
}

/** Number of the first sample at or after `time`; the number after the last where there is none. */
export function indexAt(runs: readonly Run[], time: number): number {
  const run = runs[firstRun(runs, (candidate) => candidate.lastTime >= time)];
  if (!run) return endOf(runs);
  return run.start + run.body.lowerBound(time, run.count);
}

export function timeAt(runs: readonly Run[], index: number): number {
  const run = runOf(runs, index);
  return run ? run.body.time(index - run.start) : NaN;
}

/** Copies of the samples numbered [from, to) that there are. */
export function slice(runs: readonly Run[], from: number, to: number): Samples {
  const parts = overlapping(runs, from, to);
  const total = parts.reduce((sum, part) => sum + part.to - part.from, 0);
  const t = new Float64Array(total);
  const v = new Float64Array(total);
  let at = 0;
  for (const { run, from: first, to: end } of parts) {
    run.body.copy(first, end, t, v, at);
    at += end - first;
  }
  return { t, v };
}

function endOf(runs: readonly Run[]): number {
  const last = runs.at(-1);
  return last ? last.start + last.count : 0;
}

export function addTo(runs: readonly Run[], frame: ColumnFrame): void {
  const limit = frame.start(frame.count);
  for (let at = firstRun(runs, (run) => run.lastTime >= frame.start(0)); at < runs.length; at++) {
    const run = runs[at]!;
    if (run.firstTime >= limit) return;
    if (run.count > 0) run.body.addTo(frame, run.count);
  }
}

/** Adds to each column the value that was in force when it began, where `holds` says that there is one. */
export function hold(runs: readonly Run[], frame: ColumnFrame, holds: Holder): void {
  const cursor = createCursor(runs);
  for (let k = 0; k < frame.count; k++) {
    const start = frame.start(k);
    cursor.seek(start);
    if (Number.isNaN(cursor.before) || cursor.next === start) continue;
    if (holds(cursor.before, start)) frame.widen(k, cursor.value, cursor.value);
  }
}

/** Stands between two samples: `before` < the time sought ≤ `next`. To be moved on only. */
function createCursor(runs: readonly Run[]) {
  const cursor = {
    /** Time and value of the sample before; NaN where there is none. */
    before: NaN,
    value: NaN,
    /** Time of the next sample; infinite after the last. */
    next: -Infinity,
    seek(time: number): void {
      if (time <= cursor.next) return;
      const at = firstRun(runs, (run) => run.lastTime >= time);
      const run = runs[at];
      const i = run ? run.body.lowerBound(time, run.count) : 0;
      cursor.next = run ? run.body.time(i) : Infinity;
      const [from, last] = i > 0 ? [run, i - 1] : [runs[at - 1], (runs[at - 1]?.count ?? 0) - 1];
      cursor.before = from ? from.body.time(last) : NaN;
      cursor.value = from ? from.body.value(last) : NaN;
    },
  };
  return cursor;
}

function overlapping(runs: readonly Run[], from: number, to: number) {
  const parts: { run: Run; from: number; to: number }[] = [];
  for (let at = firstRun(runs, (run) => run.start + run.count > from); at < runs.length; at++) {
    const run = runs[at]!;
    if (run.start >= to) break;
    parts.push({
      run,
      from: Math.max(0, from - run.start),
      to: Math.min(run.count, to - run.start),
    });
  }
  return parts;
}

function runOf(runs: readonly Run[], index: number): Run | undefined {
  const run = runs[firstRun(runs, ({ start, count }) => start + count > index)];
  return run && run.start <= index ? run : undefined;
}

/** The first run for which `is` is true, as it then is for all later ones; the number of runs when there is none. */
function firstRun(runs: readonly Run[], is: (run: Run) => boolean): number {
  let lo = 0;
  let hi = runs.length;
  while (lo < hi) {
    const middle = (lo + hi) >>> 1;
    if (is(runs[middle]!)) hi = middle;
    else lo = middle + 1;
  }
  return lo;
}
