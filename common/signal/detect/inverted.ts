import type { CellTrack } from './cell-track.ts';
import { gainRatio } from './gain-lost.ts';
import { LevelRange } from './level-range.ts';
import { createTurned } from './turned.ts';
import type { Detector, Scale } from './types.ts';

/** A flip counts for a rest that begins within so many microseconds after it. */
const flipHolds = 3e6;

/** So many samples below the zero at 80/s: longer than a run at another gain. */
const lowerSamples = 14;

type Kind = 'mirrored' | 'below' | 'zero' | 'known' | 'other';

/**
 * A+ and A− swapped: what rested between two levels rests between their negatives, or, where the zero was corrected since,
 * it steps down from its zero by what it stepped up before. Levels are those at which the load rests (the last two minutes; the
 * calibration's zero before). One such rest is enough after a jump from a value to its negative within one sample, which no load
 * can make; else two.
 */
export function createInverted(
  track: CellTrack,
  calibration: Scale | undefined,
  others: () => CellTrack[] = () => [],
): Detector {
  const range = new LevelRange();
  const turned = createTurned(track, range, others);
  const zero = track.isCounts ? calibration?.offset : undefined;
  if (zero !== undefined) range.low = range.high = zero;
  /** The present rest, by its beginning, and where it is. */
  let rest = NaN;
  let level = NaN;
  let kind: Kind = 'other';
  let flippedAt = -Infinity;
  let mirrored = 0;
  let below = 0;
  const seen = { from: NaN, level: 0 };
  const isRaised = () => mirrored >= 2 || below >= 1 || turned.isSeen;

  function kindOf(at: number): Kind {
    const sigma = track.sigma;
    const near = 20 * sigma + 0.15 * track.usualStep;
    const { low, high } = range;
    if (Number.isNaN(low)) return 'other';
    if (Math.abs(at - low) < near) return 'zero';
    if (at > low && at <= high + near) return 'known';
    const isFarFromZero = Math.max(Math.abs(low), Math.abs(high)) > 60 * sigma;
    if (isFarFromZero && at >= -high - near && at <= -low + near) return 'mirrored';
    return isBelow(at, near) ? 'below' : 'other';
  }

  /**
   * Whether the lowest level is the zero: the calibration says so, or the load also rested above it. Who was connected while
   * something lay on the cell has seen no zero yet.
   */
  function knowsZero(): boolean {
    return zero !== undefined || range.high - range.low > 0.4 * track.usualStep;
  }

  /** It came down from the zero by a usual step, or from a load to as far below the zero. */
  function isBelow(at: number, near: number): boolean {
    if (!knowsZero()) return false;
    const step = track.stepCount > 0 ? track.steps[(track.stepCount - 1) % track.steps.length]! : null;
    if (step === null || step.sign > 0 || track.usualStep === 0) return false;
    const size = range.low - at;
    const isFromZero = Math.abs(step.before - range.low) < near;
    const isFromLoad = Math.abs(step.before - range.low - size) < near / 2;
    return (isFromZero || isFromLoad) && size > 0.4 * track.usualStep && size < 1.6 * track.usualStep;
  }

  function noteRest(): void {
    rest = track.quietSince;
    // The load only shook: it rests where it did.
    if (Math.abs(track.level - level) < 20 * track.sigma + 0.1 * track.usualStep) return;
    level = track.level;
    kind = kindOf(level);
    if (kind === 'zero' && below > 0 && mirrored === 0) return;
    if (kind === 'known' || kind === 'zero') {
      mirrored = below = 0;
      turned.forget();
      return;
    }
    if (kind === 'other') return;
    const hasFlipped = flippedAt > rest - flipHolds;
    if (mirrored + below === 0) seen.from = hasFlipped ? flippedAt : rest;
    if (kind === 'below') below++;
    else mirrored += hasFlipped ? 2 : 1;
    seen.level = level;
  }

  /** From one sample to the next the value became its negative. */
  function isFlip(): boolean {
    const [v, before, older] = [track.v, track.at(1), track.at(2)];
    const sigma = track.sigma;
    if (!(Math.abs(v) > 60 * sigma) || !(v * before < 0)) return false;
    if (Math.abs(before - older) < 7 * sigma) return Math.abs(v + before) < 8 * sigma;
    if (!track.isAt80) return false;
    // While the load moves: its way goes on, with the other sign.
    const expected = 2 * before - older;
    const jump = Math.abs(v - expected);
    const bend = Math.abs(before - 2 * older + track.at(3));
    return (
      bend < 0.25 * jump &&
      jump > Math.max(0.6 * track.usualStep, 60 * sigma) &&
      Math.abs(v + expected) < 0.25 * jump
    );
  }

  /** Samples in a row that lie below the zero as they lay above it, and neither flat nor at a share of the level before. */
  let lower = 0;
  function followLower(): void {
    const size = range.low - track.v;
    const isLower = size > 0.5 * track.usualStep && size < 2.2 * track.usualStep && track.usualStep > 0;
    if (!isLower || !knowsZero() || track.run > 2 || gainRatio(track.v, track.level, track.sigma) !== 1) {
      lower = 0;
      return;
    }
    if (++lower !== lowerSamples || below > 0) return;
    seen.from = track.timeAt(lowerSamples - 1);
    seen.level = track.v;
    below++;
  }

  return {
    fault: 'inverted',
    clearAfter: 2,
    sample() {
      if (isFlip()) flippedAt = track.t;
      if (turned.sample() && mirrored + below === 0) {
        seen.from = turned.from;
        seen.level = track.v;
      }
      if (track.isAt80) followLower();
      if (!track.isQuiet) return;
      if (rest !== track.quietSince) noteRest();
      if (!isRaised() && kind !== 'mirrored' && kind !== 'below') range.add(track.t, track.level);
    },
    judge() {
      if (!isRaised()) return 'absent';
      const unit = track.isCounts ? 'counts' : 'g';
      const how = mirrored >= 2 ? 'the negative of what was usual' : 'a step down where one up was usual';
      if (mirrored < 2 && below < 1) return { from: seen.from, confidence: 0.85, says: turned.says };
      const says = `The load rests at ${Math.round(seen.level)} ${unit}, ${how} (${Math.round(range.low)} to ${Math.round(range.high)})`;
      return { from: seen.from, confidence: Math.min(0.97, 0.75 + 0.08 * (mirrored + below)), says };
    },
  };
}
