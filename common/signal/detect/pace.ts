const enough = 8;

/** How often a channel speaks: its usual interval, and whether it keeps to it. */
export class Pace {
  /** Microseconds between two samples, the usual; NaN before eight. */
  usual = NaN;
  /** Time of the last sample. */
  last = NaN;
  /** When anything of its device was last heard, understood or not. */
  heard = NaN;
  private count = 0;
  private mean = NaN;
  /** Decayed share of intervals beyond three times the usual. */
  private late = 0;

  add(t: number): void {
    const interval = t - this.last;
    this.last = t;
    this.heard = Math.max(this.heard || 0, t);
    if (Number.isNaN(interval)) return;
    this.count++;
    this.mean = Number.isNaN(this.mean)
      ? interval
      : this.mean + (interval - this.mean) / Math.min(this.count, 64);
    if (this.count >= enough) this.usual = this.mean;
    this.late += ((interval > 3 * this.mean ? 1 : 0) - this.late) / 32;
  }

  /** It speaks by itself, and not only when something happens. */
  get isSteady(): boolean {
    return this.count >= enough && this.late < 0.05;
  }
}
