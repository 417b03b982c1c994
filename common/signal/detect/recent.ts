/** Times of the last events of one kind; the oldest give way. */
export class Recent {
  private readonly times: Float64Array;
  private count = 0;

  constructor(most: number) {
    this.times = new Float64Array(most);
  }

  add(t: number): void {
    this.times[this.count++ % this.times.length] = t;
  }

  /** How many came at `since` or later. */
  since(since: number): number {
    let found = 0;
    for (let i = 0; i < Math.min(this.count, this.times.length); i++) if (this.times[i]! >= since) found++;
    return found;
  }

  /** The first of those since `since`; NaN where there is none. */
  firstSince(since: number): number {
    let first = NaN;
    for (let i = 0; i < Math.min(this.count, this.times.length); i++)
      if (this.times[i]! >= since && !(this.times[i]! >= first)) first = this.times[i]!;
    return first;
  }
}
