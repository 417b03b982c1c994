import type { BeamScale } from './beam-scale.ts';
import type { BeamTrack } from './beam-track.ts';
import type { Detector } from './types.ts';

const seconds = 12;
/** Without a heartbeat a short gap of the link looks the same, but not twice in so many seconds. */
const without = { seconds: 8, least: 2 };

/** Weight arrives and no edge of the beam came before it. */
export function createBeamBlind(beam: BeamTrack, scale: BeamScale): Detector {
  return {
    fault: 'beam-blind',
    clearAfter: 6,
    judge(now) {
      const since = Math.max(now - seconds * 1e6, 0);
      const count = scale.blind.since(since);
      // Before any pair was seen, the beam may stand elsewhere.
      if (count < (scale.matched === 0 ? 2 : 1)) return 'absent';
      if (!beam.hasHeartbeat && scale.blind.since(now - without.seconds * 1e6) < without.least)
        return count > without.least ? 'unknown' : 'absent';
      const says = `Weight arrived ${count} times in ${seconds} s and the beam did not break in the ${(scale.window / 1e6).toFixed(1)} s before it`;
      return {
        from: scale.blind.firstSince(since) - scale.window,
        confidence: count === 1 ? 0.7 : 0.93,
        says,
      };
    },
  };
}
