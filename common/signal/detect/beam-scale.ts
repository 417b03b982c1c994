import { stepAt, type Arrivals } from './arrivals.ts';
import type { BeamTrack, Pulse } from './beam-track.ts';
import type { CellTrack } from './cell-track.ts';
import { Recent } from './recent.ts';

/** Microseconds between beam and scale that are allowed before the delay is known. */
const longestDelay = 1_500_000;
const learned = 3;

/**
 * A beam and the scale behind it: which pulse belongs to which arrival of weight. Learns the delay between them, and counts
 * what has no other half.
 */
export class BeamScale {
  /** Arrivals without an edge of the beam. */
  readonly blind = new Recent(32);
  /** Pulses without an arrival. */
  readonly unweighed = new Recent(64);
  /** Pairs found. */
  matched = 0;
  lastMatch = NaN;
  private delay = NaN;
  private readonly beam: BeamTrack;
  private readonly arrivals: Arrivals;
  private arrivalsSeen = 0;
  private pulsesSeen = 0;

  constructor(beam: BeamTrack, arrivals: Arrivals) {
    this.beam = beam;
    this.arrivals = arrivals;
  }

  /** The longest time from beam to scale. */
  get window(): number {
    return this.matched < learned ? longestDelay : Math.max(1.6 * this.delay, this.delay + 200_000);
  }

  follow(now: number): void {
    const { arrivals } = this;
    arrivals.follow(now);
    for (; this.arrivalsSeen < arrivals.count; this.arrivalsSeen++)
      this.pair(arrivals.ring[this.arrivalsSeen % arrivals.ring.length]!.at);
    const first = Math.max(this.pulsesSeen, this.beam.pulseCount - this.beam.pulses.length);
    for (let number = first; number < this.beam.pulseCount; number++) {
      const pulse = this.beam.pulses[number % this.beam.pulses.length]!;
      const verdict = this.weigh(pulse, now);
      if (verdict === 'waits') break;
      if (verdict === 'unweighed') this.unweighed.add(pulse.at);
      this.pulsesSeen = number + 1;
    }
  }

  private pair(at: number): void {
    const { beam } = this;
    for (let back = 0; ; back++) {
      const pulse = beam.pulseAt(back);
      if (!pulse || pulse.at < at - longestDelay) break;
      if (pulse.at > at) continue;
      const delay = at - pulse.at;
      if (this.matched >= learned && Math.abs(delay - this.delay) > Math.max(0.6 * this.delay, 200_000))
        continue;
      this.matched++;
      this.lastMatch = at;
      this.delay = Number.isNaN(this.delay)
        ? delay
        : this.delay + (delay - this.delay) / Math.min(this.matched, 8);
      return;
    }
    // The line of one edge may be lost: then the other one's still says that something passed.
    const since = at - this.window - 100_000;
    const isBlind = !(beam.lastActive > since) && !(beam.doubtedAt > since);
    if (isBlind) this.blind.add(at);
  }

  /** What the scale says of a pulse. */
  private weigh(pulse: Pulse, now: number): 'weighed' | 'unweighed' | 'waits' | 'unknown' {
    if (this.matched < learned) return 'unknown';
    const until = pulse.at + this.window + 100_000;
    if (now < until) return 'waits';
    const cells = this.arrivals.trusted(now);
    if (cells.length === 0) return 'unknown';
    const verdicts = cells.map(({ track }) => saw(track, pulse.at, until, now));
    if (verdicts.includes('arrival')) return 'weighed';
    if (verdicts.includes('moves')) return now < until + 1_500_000 ? 'waits' : 'unknown';
    return verdicts.includes('nothing') ? 'unweighed' : 'unknown';
  }
}

/** Whether weight arrived on a cell in [from, to]. `moves`: it has not come to rest since. */
function saw(
  track: CellTrack,
  from: number,
  to: number,
  now: number,
): 'arrival' | 'nothing' | 'moves' | 'unknown' {
  if (track.holeAt > from - 300_000) return 'unknown';
  for (let back = 0; ; back++) {
    const step = stepAt(track, back);
    if (!step) break;
    if (step.at > to) continue;
    if (step.at >= from) {
      if (step.sign > 0) return 'arrival';
      continue;
    }
    // The movement that was under way must have been what it seemed: else an arrival may hide in it.
    const size = step.after - step.before;
    if (step.at > from - 2_000_000 && !(size * step.sign > 0.3 * track.usualStep))
      return Number.isNaN(size) ? 'moves' : 'unknown';
    break;
  }
  if (!track.isQuiet && now - track.t < 500_000) return 'moves';
  return 'nothing';
}
