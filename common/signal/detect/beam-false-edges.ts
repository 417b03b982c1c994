import type { BeamScale } from './beam-scale.ts';
import type { BeamTrack } from './beam-track.ts';
import type { Detector } from './types.ts';

const seconds = 12;

/** The beam breaks and no weight follows, where it did before. */
export function createBeamFalseEdges(_beam: BeamTrack, scale: BeamScale): Detector {
  return {
    fault: 'beam-false-edges',
    clearAfter: 10,
    judge(now) {
      const since = now - seconds * 1e6;
      const count = scale.unweighed.since(since);
      if (count === 0) return 'absent';
      const says = `The beam broke ${count} times in ${seconds} s and no weight followed within ${(scale.window / 1e6).toFixed(1)} s`;
      return { from: scale.unweighed.firstSince(since), confidence: Math.min(0.95, 0.6 + count / 10), says };
    },
  };
}
