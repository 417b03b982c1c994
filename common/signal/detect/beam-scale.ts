import { stepAt, type Arrivals } from './arrivals.ts';
import type { BeamTrack, Pulse } from './beam-track.ts';
import type { CellTrack } from './cell-track.ts';
import { Recent } from './recent.ts';

/** Microseconds between beam and scale that are allowed before the delay is known. */
const longestDelay = 1_500_000;
const learned = 3;
/** A shorter pulse is of a bounce or of lamps. */
const shortest = 20_000;
/** Until when the beam's next two lines are waited for. */
const longestWait = 3_200_000;
/** Samples and what is known to be lost come one after another. */
const onTheWay = 80_000;
/** So long after the window the load may move before nobody waits any longer. */
const moving = 1_500_000;

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
      if (!this.pair(arrivals.ring[this.arrivalsSeen % arrivals.ring.length]!.at, now)) break;
    const first = Math.max(this.pulsesSeen, this.beam.pulseCount - this.beam.pulses.length);
    for (let number = first; number < this.beam.pulseCount; number++) {
      const pulse = this.beam.pulses[number % this.beam.pulses.length]!;
      const verdict = this.weigh(pulse, now);
      if (verdict === 'waits') break;
      if (verdict === 'unweighed') this.unweighed.add(pulse.at);
      this.pulsesSeen = number + 1;
    }
  }

  /** Finds the pulse of the arrival at `at`. False: it is too early to say. */
  private pair(at: number, now: number): boolean {
    const { beam } = this;
    for (let back = 0; ; back++) {
      const pulse = beam.pulseAt(back);
      if (!pulse || pulse.at < at - longestDelay) break;
      if (pulse.at > at) continue;
      const delay = at - pulse.at;
      if (this.matched >= learned && Math.abs(delay - this.delay) > this.tolerance) continue;
      this.matched++;
      this.delay = Number.isNaN(this.delay)
        ? delay
        : this.delay + (delay - this.delay) / Math.min(this.matched, 8);
      return true;
    }
    // The next line says whether some were lost, and the one after that whether it was right; what came with it may be on its way.
    const isHeard = !beam.hasHeartbeat || (beam.before > this.latest(at) && now > beam.t + onTheWay);
    if (!isHeard && now - at < longestWait) return false;
    // The line of one edge may be lost: then the other one's still says that something passed.
    const since = at - this.window - 100_000;
    if (beam.firstAt < since && !(beam.lastActive > since) && !(beam.doubtedAt > since)) this.blind.add(at);
    return true;
  }

  /** When the beam must have broken by, for weight that arrived at `at`. */
  private latest(at: number): number {
    if (this.matched < learned) return at + 100_000;
    return Math.min(at + 100_000, at - this.delay + this.tolerance + 30_000);
  }

  /** How far the time from beam to scale may be from what it usually is. */
  private get tolerance(): number {
    return Math.max(0.6 * this.delay, 200_000);
  }

  /** What the scale says of a pulse. */
  private weigh(pulse: Pulse, now: number): 'weighed' | 'unweighed' | 'waits' | 'unknown' {
    const longest = 4 * (this.beam.usualWidth || 1e6);
    const width = Number.isNaN(pulse.width) ? now - pulse.at : pulse.width;
    // That is no part's, nor anything that passes, and has a name of its own.
    if (width > longest || width < shortest) return 'unknown';
    const until = Math.max(pulse.at + this.window + 100_000, Number.isNaN(pulse.width) ? Infinity : 0);
    if (now < until) return 'waits';
    return this.followed(pulse.at, until, now);
  }

  /** Whether weight follows a break at `at` until `until`; where the delay is not known yet nobody can tell. */
  followed(at: number, until: number, now: number): 'weighed' | 'unweighed' | 'waits' | 'unknown' {
    if (this.matched < learned) return 'unknown';
    if (now < until) return 'waits';
    const cells = this.arrivals.trusted(now);
    if (cells.length === 0) return 'unknown';
    const verdicts = cells.map(({ track }) => saw(track, at, until, now));
    if (verdicts.includes('arrival')) return 'weighed';
    if (verdicts.includes('moves')) return now < until + moving ? 'waits' : 'unknown';
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
  if (!(track.t >= to)) return 'moves';
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
