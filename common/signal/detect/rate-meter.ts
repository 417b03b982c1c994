/** Microseconds of one bin. */
const binMicros = 100_000;
const bins = 64;
const learnEveryBins = 10;
const learnFromBins = 30;
/** Two rates are one within this share. */
const near = 0.1;

/**
 * How fast samples come: counts in bins of a tenth of a second. `usual` is what was learned, in samples per second: at first
 * the rate of three seconds without a gap that those after them confirm (what waited in a port comes in a burst when it is
 * opened), then slowly followed; a sudden change is not followed for a minute.
 */
export class RateMeter {
  /** Learned; NaN before. */
  usual = NaN;
  private readonly counts = new Float64Array(bins);
  private bin = NaN;
  /** The first bin that is whole and after the last gap. */
  private wholeFrom = NaN;
  private learnedAt = -Infinity;
  private strange = 0;
  /** A first rate that waits to be confirmed, and when it was seen. */
  private first = NaN;
  private firstAt = NaN;

  add(t: number): void {
    const bin = Math.floor(t / binMicros);
    if (bin !== this.bin) this.turnTo(bin);
    this.counts[bin % bins]!++;
  }

  /** What came before `t` says nothing of the rate: there was a gap. */
  begin(t: number): void {
    this.wholeFrom = Math.floor(t / binMicros) + 1;
    this.learnedAt = Math.max(this.learnedAt, this.wholeFrom);
  }

  /** Samples per second in the last `seconds` (at most 6) of whole bins; NaN when there was a gap or a beginning in them. */
  over(seconds: number): number {
    const count = Math.round((seconds * 1e6) / binMicros);
    if (!(this.bin - count >= this.wholeFrom)) return NaN;
    let sum = 0;
    for (let bin = this.bin - count; bin < this.bin; bin++) sum += this.counts[bin % bins]!;
    return (sum * 1e6) / (count * binMicros);
  }

  private turnTo(bin: number): void {
    if (!(bin - this.bin < bins)) this.counts.fill(0);
    else for (let next = this.bin + 1; next <= bin; next++) this.counts[next % bins] = 0;
    this.bin = bin;
    if (Number.isNaN(this.wholeFrom)) this.wholeFrom = bin + 1;
    if (bin - Math.max(this.learnedAt, this.wholeFrom + learnFromBins - learnEveryBins) >= learnEveryBins)
      this.learn(bin);
  }

  private learn(bin: number): void {
    this.learnedAt = bin;
    const rate = this.over(3);
    if (!(rate > 0)) return;
    if (Number.isNaN(this.usual)) return this.begun(rate, bin);
    const isNear = Math.abs(rate / this.usual - 1) < near;
    if (isNear) this.usual += (rate - this.usual) / 8;
    this.strange = isNear ? 0 : this.strange + 1;
    if (this.strange < 60) return;
    this.usual = rate;
    this.strange = 0;
  }

  private begun(rate: number, bin: number): void {
    if (!(Math.abs(rate / this.first - 1) < near)) {
      this.first = rate;
      this.firstAt = bin;
    } else if (bin - this.firstAt >= learnFromBins) this.usual = rate;
  }
}
