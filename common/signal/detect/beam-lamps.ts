import type { BeamTrack } from './beam-track.ts';
import type { Detector } from './types.ts';

const micros = 250_000;
/** Pulses in that time: lamps give 25 or 30, of which the receiver may miss some. */
const least = 12;
const most = 32;
/** Longest pause between two of them. */
const pause = 60_000;
const paces = [100, 120] as const;

/**
 * Pulses at the pace of lamps, which flicker at twice the frequency of the mains: 100 or 120 a second, without a pause, some of
 * them missing. Which of the two is told by the intervals that are one period long; what the link adds to them can hide it.
 */
export function createBeamLamps(beam: BeamTrack): Detector {
  /** How many intervals of the last pulses are one period of so many hertz, within 8 %. */
  function fits(hertz: number, pulses: number): number {
    let found = 0;
    for (let back = 0; back + 1 < pulses; back++) {
      const periods = ((beam.pulseAt(back)!.at - beam.pulseAt(back + 1)!.at) * hertz) / 1e6;
      if (Math.abs(periods - 1) < 0.08) found++;
    }
    return found;
  }

  return {
    fault: 'beam-lamps',
    clearAfter: 8,
    judge(now) {
      let pulses = 0;
      let from = NaN;
      for (let next = now; ; pulses++) {
        const pulse = beam.pulseAt(pulses);
        if (!pulse || pulse.at < now - micros || next - pulse.at > pause) break;
        next = from = pulse.at;
      }
      if (pulses < least || pulses > most) return 'absent';
      const [fifty, sixty] = [fits(paces[0], pulses), fits(paces[1], pulses)];
      const pace = fifty === sixty ? '100 or 120 Hz' : `${fifty > sixty ? paces[0] : paces[1]} Hz`;
      const says = `${pulses} pulses in ${Math.round((now - from) / 1000)} ms, at the pace of ${pace}`;
      return { from, confidence: Math.min(0.97, 0.6 + Math.max(fifty, sixty) / pulses / 2), says };
    },
  };
}
