const windows = 24;
const square = (x: number) => x * x;

/**
 * Noise of a signal that also moves: the rms of second differences in short windows (a slope leaves none; white noise of σ
 * leaves σ√6), and of the last windows those that moved least. The load's steps and their ringing are in the others.
 * Von Neumann's successive differences (1941), of second order.
 */
export class NoiseMeter {
  /** σ of the calm windows; NaN before there are enough. */
  calm = NaN;
  private readonly sigmas = new Float64Array(windows);
  private readonly ends = new Float64Array(windows);
  private readonly sorted = new Float64Array(windows);
  private readonly width: number;
  private readonly share: number;
  private count = 0;
  private sum = 0;
  private inWindow = 0;
  private older = NaN;
  private old = NaN;

  /** `width`: differences in a window. `share`: how far up from the calmest window the noise is read. */
  constructor(width: number, share: number) {
    this.width = width;
    this.share = share;
  }

  /** The next sample does not follow the last one. */
  begin(): void {
    this.older = this.old = NaN;
    this.inWindow = this.sum = 0;
  }

  add(t: number, v: number): void {
    const difference = v - 2 * this.old + this.older;
    this.older = this.old;
    this.old = v;
    if (Number.isNaN(difference)) return;
    this.sum += square(difference);
    if (++this.inWindow < this.width) return;
    const at = this.count++ % windows;
    this.sigmas[at] = Math.sqrt(this.sum / this.width / 6);
    this.ends[at] = t;
    this.inWindow = this.sum = 0;
    this.follow();
  }

  /** σ of the calmest of the windows that ended after `since`, NaN with fewer than `least`; `share`: how far up from the calmest. */
  calmSince(since: number, least: number, share: number): number {
    let found = 0;
    for (let i = 0; i < Math.min(this.count, windows); i++)
      if (this.ends[i]! >= since) this.sorted[found++] = this.sigmas[i]!;
    if (found < least) return NaN;
    return this.sorted.subarray(0, found).sort()[Math.floor(share * (found - 1))]!;
  }

  private follow(): void {
    if (this.count < 6) return;
    this.calm = this.calmSince(-Infinity, 6, this.share);
  }
}
