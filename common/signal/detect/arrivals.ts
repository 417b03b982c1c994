import type { CellTrack, LoadStep } from './cell-track.ts';

const kept = 32;
/** Microseconds: until when an arrival is decided, how near two cells must see it. */
const decideAfter = 600_000;
const giveUpAfter = 1_700_000;
const together = 250_000;

export interface CellSource {
  track: CellTrack;
  /** No fault of the cell makes steps of its own. */
  isTrusted(now: number): boolean;
}

export interface Arrival {
  at: number;
}

/**
 * Weight that arrives, as the cells of a scale see it: each that is trusted steps up, within a quarter of a second, by about
 * as much as usual, and stays there.
 */
export class Arrivals {
  readonly ring: Arrival[] = Array.from({ length: kept }, () => ({ at: NaN }));
  count = 0;
  private readonly cells: CellSource[];
  private decided = -Infinity;

  constructor(cells: CellSource[]) {
    this.cells = cells;
  }

  trusted(now: number): CellSource[] {
    return this.cells.filter(({ track, isTrusted }) => now - track.t < 500_000 && isTrusted(now));
  }

  /** Decides what can be decided by `now`. */
  follow(now: number): void {
    const cells = this.trusted(now);
    for (const { track } of cells) {
      for (let back = Math.min(track.stepCount, track.steps.length) - 1; back >= 0; back--) {
        const step = stepAt(track, back)!;
        if (step.sign < 0 || step.at <= this.decided || now - step.at < decideAfter) continue;
        if (Number.isNaN(step.after) && now - step.at < giveUpAfter) continue;
        const verdicts = cells.map((cell) => sees(cell.track, step.at, now));
        if (verdicts.includes('waits')) continue;
        this.decided = step.at + together;
        if (verdicts.every((verdict) => verdict === 'yes')) this.ring[this.count++ % kept]!.at = step.at;
      }
    }
  }
}

export function stepAt(track: CellTrack, back: number): LoadStep | null {
  return back < Math.min(track.stepCount, track.steps.length)
    ? track.steps[(track.stepCount - 1 - back) % track.steps.length]!
    : null;
}

/** Whether the cell stepped up about then and stayed. */
function sees(track: CellTrack, at: number, now: number): 'yes' | 'no' | 'waits' {
  for (let back = 0; ; back++) {
    const step = stepAt(track, back);
    if (!step) return 'no';
    if (Math.abs(step.at - at) > together || step.sign < 0) continue;
    if (Number.isNaN(step.after)) return now - step.at < giveUpAfter ? 'waits' : 'no';
    if (step.isLate) return 'no';
    const size = step.after - step.before;
    if (size < 12 * track.sigma) return 'no';
    return track.usualStep === 0 || (size > 0.2 * track.usualStep && size < 5 * track.usualStep)
      ? 'yes'
      : 'no';
  }
}
