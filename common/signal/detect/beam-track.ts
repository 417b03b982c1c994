const ringSize = 128;
/** A heartbeat comes each second: so long without a line, one did not come, and perhaps others. Microseconds. */
const missedBeat = 1_500_000;

/** A time that the beam was broken. */
export interface Pulse {
  at: number;
  /** Microseconds; NaN while it lasts. */
  width: number;
}

/** What all detectors of a break beam share: its edges and pulses. A sample without a change holds the level. */
export class BeamTrack {
  /** It speaks each second without a change too. */
  readonly hasHeartbeat: boolean;
  t = NaN;
  /** Time of the line before the last. */
  before = NaN;
  /** Time of the first sample. */
  firstAt = NaN;
  /** 0 is broken, NaN before the first sample. */
  level = NaN;
  /** Since when it has this level. */
  levelSince = NaN;
  /** Time of the last line that tells of an edge, also where the other edge's line was lost. */
  lastActive = NaN;
  /** When something of its device was last not understood. */
  doubtedAt = -Infinity;
  readonly pulses: Pulse[] = Array.from({ length: ringSize }, () => ({ at: NaN, width: NaN }));
  pulseCount = 0;
  /** Usual width of a pulse; NaN before three. */
  usualWidth = NaN;

  private readonly edges = new Float64Array(ringSize);
  private edgeCount = 0;
  private readonly widths = new Float64Array(9);
  private widthCount = 0;

  constructor(hasHeartbeat: boolean) {
    this.hasHeartbeat = hasHeartbeat;
  }

  add(t: number, value: number): void {
    const level = value > 0.5 ? 1 : 0;
    this.before = this.t;
    this.t = t;
    if (this.hasHeartbeat && t - this.before > missedBeat) this.doubtedAt = t;
    if (level === this.level) {
      // The line of the edge between them was lost.
      if (!this.hasHeartbeat) this.lastActive = this.levelSince = t;
      return;
    }
    const isFirst = Number.isNaN(this.level);
    if (isFirst) this.firstAt = t;
    this.level = level;
    this.levelSince = t;
    if (isFirst) return;
    this.lastActive = t;
    this.edges[this.edgeCount++ % ringSize] = t;
    if (level === 0) {
      const pulse = this.pulses[this.pulseCount++ % ringSize]!;
      pulse.at = t;
      pulse.width = NaN;
    } else if (this.pulseCount > 0) this.endPulse(t);
  }

  /** Time of the edge `back` edges ago; NaN when there is none. */
  edgeAt(back: number): number {
    return back < Math.min(this.edgeCount, ringSize)
      ? this.edges[(this.edgeCount - 1 - back) % ringSize]!
      : NaN;
  }

  get edgesSeen(): number {
    return this.edgeCount;
  }

  /** The pulse that began `back` pulses ago. */
  pulseAt(back: number): Pulse | null {
    return back < Math.min(this.pulseCount, ringSize)
      ? this.pulses[(this.pulseCount - 1 - back) % ringSize]!
      : null;
  }

  private endPulse(t: number): void {
    const pulse = this.pulses[(this.pulseCount - 1) % ringSize]!;
    pulse.width = t - pulse.at;
    // Widths below 20 ms are bounces or lamps, and no part's.
    if (pulse.width < 20_000) return;
    this.widths[this.widthCount++ % this.widths.length] = pulse.width;
    if (this.widthCount < 3) return;
    const known = this.widths.slice(0, Math.min(this.widthCount, this.widths.length)).sort();
    this.usualWidth = known[known.length >> 1]!;
  }
}
