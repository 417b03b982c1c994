/** Seconds of one bin, bins kept, and how many of the newest don't count yet. */
const binMicros = 2e6;
const bins = 64;
const young = 3;

/** Between which levels a load rests: what was seen in the last two minutes, without the last six seconds. */
export class LevelRange {
  private readonly lows = new Float64Array(bins);
  private readonly highs = new Float64Array(bins);
  private readonly numbers = new Float64Array(bins).fill(-Infinity);
  low = NaN;
  high = NaN;
  private bin = NaN;

  add(t: number, level: number): void {
    const bin = Math.floor(t / binMicros);
    const at = bin % bins;
    if (this.numbers[at] !== bin) {
      this.numbers[at] = bin;
      this.lows[at] = this.highs[at] = level;
      this.bin = bin;
      this.sum();
      return;
    }
    if (level < this.lows[at]!) this.lows[at] = level;
    if (level > this.highs[at]!) this.highs[at] = level;
  }

  /** The last `count` bins never were. */
  forget(count: number): void {
    for (let i = 0; i < bins; i++) if (this.numbers[i]! > this.bin - count) this.numbers[i] = -Infinity;
  }

  private sum(): void {
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < bins; i++) {
      const age = this.bin - this.numbers[i]!;
      if (age < young || age >= bins) continue;
      low = Math.min(low, this.lows[i]!);
      high = Math.max(high, this.highs[i]!);
    }
    if (low > high) return;
    this.low = low;
    this.high = high;
  }
}
