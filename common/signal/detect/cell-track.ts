import { NoiseMeter } from './noise-meter.ts';
import { RateMeter } from './rate-meter.ts';
import type { Scale } from './types.ts';

const ringSize = 32;
const steps = 16;
/** Noise floor of an HX711 at gain 128, counts rms (SENSORS). */
const floorAt10 = 21;
const floorAt80 = 38;
/** The calmest windows lie below σ: of white noise the tenth of those of three at 0.45 σ, the third of those of eight at 0.83 σ. */
const calmToSigma = { at80: 1.2, at10: 2.2 };
/** Samples a second between the chip's two rates. */
const betweenRates = 30;

/** The load moved: it left `before` at `at`, and came to rest at `after` (NaN until then). */
export interface LoadStep {
  at: number;
  before: number;
  after: number;
  /** 1 up, −1 down. */
  sign: number;
  /** Samples are missing where it began: `at` is too late. */
  isLate: boolean;
}

/**
 * What all detectors of a load cell share: the last samples, the run of equal ones, rate, noise, levels at rest and steps
 * between them. Values are in counts; where the device gives grams they are put back into counts by its calibration, and
 * where there is none they stay grams (`isCounts` is false then).
 */
export class CellTrack {
  readonly isCounts: boolean;
  /** The last sample. */
  t = NaN;
  v = NaN;
  /** Microseconds to the one before; NaN where that is not near. */
  interval = NaN;
  /** Samples since the last gap. */
  follow = 0;
  /** The end of the last pause in which a step of the load could hide. */
  holeAt = -Infinity;
  /** When a line of its device was last not understood: it may have been a sample. */
  spoiledAt = -Infinity;
  /** How many there were. */
  spoiled = 0;
  /** Time of the first sample. */
  startedAt = NaN;
  /** Samples ever. */
  total = 0;
  /** Equal values in a row, and the time of the first. */
  run = 0;
  runFrom = NaN;
  /** Least difference of two values seen: the last digit that is printed. */
  resolution = Infinity;
  readonly rate = new RateMeter();
  noise: NoiseMeter;
  /** The load rests: the last values lie close together around `level`. */
  isQuiet = false;
  level = NaN;
  quietSince = NaN;
  /** Of the rest before: where it left when it moved. */
  lastLevel = NaN;
  /** Ended rests, to count them. */
  rests = 0;
  readonly steps: LoadStep[] = Array.from({ length: steps }, () => ({
    at: NaN,
    before: NaN,
    after: NaN,
    sign: 0,
    isLate: false,
  }));
  stepCount = 0;
  /** Typical size of a step up that came to rest, 0 before. */
  usualStep = 0;

  private readonly values = new Float64Array(ringSize);
  private readonly times = new Float64Array(ringSize);
  private readonly scale: number;
  private readonly offset: number;
  private isFast = true;
  private away = 0;
  private isMoving = false;

  constructor(role: 'counts' | 'grams', calibration: Scale | undefined) {
    const converts = role === 'grams' && calibration !== undefined && calibration.scale !== 0;
    this.isCounts = role === 'counts' || converts;
    this.scale = converts ? calibration.scale : 1;
    this.offset = converts ? calibration.offset : 0;
    this.noise = new NoiseMeter(8, 0.3);
  }

  /** 80 samples a second, and not 10. */
  get isAt80(): boolean {
    return this.isFast;
  }

  /** The chip's noise at this rate in counts; NaN in grams. */
  get floor(): number {
    if (!this.isCounts) return NaN;
    return this.isFast ? floorAt80 : floorAt10;
  }

  /** What counts as noise here: never below the chip's own, nor the last digit. */
  get sigma(): number {
    const { calm } = this.noise;
    if (this.isCounts) return Math.max(this.floor, digitOf(this), Math.min(calm || 0, 6 * this.floor));
    return Number.isNaN(calm)
      ? NaN
      : Math.max(calm * (this.isFast ? calmToSigma.at80 : calmToSigma.at10), digitOf(this));
  }

  /** Seconds from one sample to the next, as learned; a guess before. */
  get period(): number {
    return 1 / (this.rate.usual || (this.isFast ? 80 : 10));
  }

  /** Value `back` samples ago, 0 to 31; NaN where a gap is between. */
  at(back: number): number {
    return back < this.follow ? this.values[(this.total - 1 - back) % ringSize]! : NaN;
  }

  timeAt(back: number): number {
    return back < this.follow ? this.times[(this.total - 1 - back) % ringSize]! : NaN;
  }

  /** Samples that are looked at to tell rest. */
  get restSamples(): number {
    return this.isFast ? 6 : 3;
  }

  add(t: number, value: number): void {
    const v = this.scale === 1 && this.offset === 0 ? value : value * this.scale + this.offset;
    const interval = t - this.t;
    const isGap = !(interval < this.longestInterval());
    if (isGap) this.begin(t);
    this.interval = isGap ? NaN : interval;
    if (isGap || interval > Math.max(120_000, 3e6 * this.period)) this.holeAt = t;
    const change = Math.abs(v - this.v);
    if (change === 0 && !isGap) this.run++;
    else {
      this.run = 1;
      this.runFrom = t;
      if (change > 0 && change < this.resolution) this.resolution = change;
    }
    this.t = t;
    this.v = v;
    if (this.total === 0) this.startedAt = t;
    this.follow++;
    this.values[this.total % ringSize] = v;
    this.times[this.total % ringSize] = t;
    this.total++;
    this.rate.add(t);
    this.adaptRate();
    this.noise.add(t, v);
    this.followLoad();
  }

  /** A line that came at `at` was not understood. */
  spoil(at: number): void {
    this.spoiledAt = at;
    this.spoiled++;
  }

  private longestInterval(): number {
    return Math.max(350_000, this.period * 4e6);
  }

  private begin(t: number): void {
    this.follow = 0;
    this.rate.begin(t);
    this.noise.begin();
    this.isQuiet = this.isMoving = false;
    this.away = 0;
  }

  private adaptRate(): void {
    const usual = this.rate.usual || (this.follow === 8 ? 7e6 / (this.t - this.timeAt(7)) : NaN);
    const isFast = usual > betweenRates;
    if (Number.isNaN(usual) || isFast === this.isFast) return;
    this.isFast = isFast;
    // At 10/s few windows have no step of the load in them.
    this.noise = isFast ? new NoiseMeter(8, 0.3) : new NoiseMeter(3, 0.12);
  }

  private followLoad(): void {
    if (this.isQuiet) this.rest();
    else this.move();
  }

  /** Waits until the load leaves its level: two samples on one side, so that a spike is no step. */
  private rest(): void {
    const limit = 12 * this.sigma;
    const off = this.v - this.level;
    if (Math.abs(off) < limit) {
      this.away = 0;
      this.level += (this.v - this.level) / 12;
      return;
    }
    const side = Math.sign(off);
    this.away = Math.sign(this.away) === side ? this.away + side : side;
    if (Math.abs(this.away) < 2) return;
    this.isQuiet = false;
    this.rests++;
    this.lastLevel = this.level;
    this.isMoving = true;
    const step = this.steps[this.stepCount++ % steps]!;
    step.at = this.timeAt(1);
    step.before = this.level;
    step.after = NaN;
    step.sign = side;
    step.isLate = this.holeAt > step.at - 2e6 * this.period;
    this.away = 0;
  }

  /** Waits until the last values lie together. */
  private move(): void {
    const count = this.restSamples;
    if (this.follow < count) return;
    let low = Infinity;
    let high = -Infinity;
    let sum = 0;
    for (let back = 0; back < count; back++) {
      const v = this.at(back);
      low = Math.min(low, v);
      high = Math.max(high, v);
      sum += v;
    }
    if (high - low > 7 * this.sigma) return;
    this.isQuiet = true;
    this.level = sum / count;
    this.quietSince = this.timeAt(count - 1);
    if (this.isMoving) this.endStep();
  }

  private endStep(): void {
    this.isMoving = false;
    const step = this.steps[(this.stepCount - 1) % steps]!;
    step.after = this.level;
    const size = step.after - step.before;
    if (size < 12 * this.sigma) return;
    this.usualStep += (size - this.usualStep) / Math.min(8, this.usualStep === 0 ? 1 : 8);
  }
}

/** Noise that the last printed digit hides. */
const digitOf = ({ resolution }: CellTrack) => (Number.isFinite(resolution) ? 0.6 * resolution : 0);
