/** Where a signal crosses a level, with hysteresis. */
import type { ChannelInfo } from '../incident/entries.ts';

export interface Crossing {
  /** Of a linear channel between two samples, on the line that joins them; of a step channel the time of its sample. */
  at: number;
  rising: boolean;
}

export interface CrossingOptions {
  kind: ChannelInfo['kind'];
  level: number;
  /** A crossing counts once the signal is so far past the level; its time is that of the level. 0 unless told. */
  hysteresis?: number | undefined;
}

/** Fed with samples one by one. Exactly on the level is above it. */
export class Crossings {
  /** Null until a sample is outside the hysteresis. */
  isHigh: boolean | null = null;
  private readonly interpolates: boolean;
  private readonly level: number;
  private readonly hysteresis: number;
  /** When it last went over the level towards the other side, without being far enough yet; NaN when it did not. */
  private pending = NaN;
  private lastTime = NaN;
  private lastValue = NaN;

  constructor({ kind, level, hysteresis = 0 }: CrossingOptions) {
    this.interpolates = kind === 'linear';
    this.level = level;
    this.hysteresis = hysteresis;
  }

  /** No crossing that is still to be told is earlier than this. NaN before the first sample. */
  get sureUntil(): number {
    return Number.isNaN(this.pending) ? this.lastTime : this.pending;
  }

  /** A value that is not a finite number breaks the signal off, as a gap does. */
  push(time: number, value: number): Crossing | null {
    if (!Number.isFinite(value)) {
      this.break();
      return null;
    }
    const crossing = this.take(time, value);
    this.lastTime = time;
    this.lastValue = value;
    return crossing;
  }

  /** What follows is not joined to what was before. */
  break(): void {
    this.isHigh = null;
    this.pending = NaN;
    this.lastTime = NaN;
  }

  private take(time: number, value: number): Crossing | null {
    const isAbove = value >= this.level;
    const isFar = isAbove ? value >= this.level + this.hysteresis : value <= this.level - this.hysteresis;
    if (this.isHigh === null) {
      if (isFar) this.isHigh = isAbove;
      return null;
    }
    if (isAbove === this.isHigh) {
      this.pending = NaN;
      return null;
    }
    if (Number.isNaN(this.pending)) this.pending = this.between(time, value);
    if (!isFar) return null;
    const crossing = { at: this.pending, rising: isAbove };
    this.isHigh = isAbove;
    this.pending = NaN;
    return crossing;
  }

  private between(time: number, value: number): number {
    if (!this.interpolates) return time;
    const share = (this.level - this.lastValue) / (value - this.lastValue);
    return this.lastTime + share * (time - this.lastTime);
  }
}
