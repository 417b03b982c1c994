import type { BeamScale } from './beam-scale.ts';
import type { BeamTrack } from './beam-track.ts';
import type { Detector } from './types.ts';

const leastMicros = 1.4e6;
const times = 4;
/** Where it is not known how long a part takes. */
const confirmed = 500_000;

/** How long after the break weight may come for it to be a part's. */
const slack = 30_000;

/**
 * Broken for much longer than any part takes. A heartbeat says that it is so. Where there is none, no edge may be a line that was
 * lost: so the break must be none of a part's (no weight followed it), or weight must have arrived twice since.
 */
export function createBeamStuck(beam: BeamTrack, scale: BeamScale): Detector {
  /** The break that no weight followed. */
  let strange = NaN;

  function isStrange(now: number): boolean {
    const since = beam.levelSince;
    if (strange !== since && !(beam.doubtedAt > since)) {
      if (scale.followed(since, since + scale.window + slack, now) === 'unweighed') strange = since;
    }
    return strange === since;
  }

  return {
    fault: 'beam-stuck',
    clearAfter: 8,
    judge(now) {
      if (Number.isNaN(beam.level)) return 'unknown';
      if (beam.level === 1) return 'absent';
      const held = now - beam.levelSince;
      // A line that says so once more, when no part would: that of an edge back may have been lost. After a heartbeat that did
      // not come, this may be the next part's, and takes another one.
      const since = Math.max(beam.levelSince, beam.doubtedAt);
      const isConfirmed = beam.t > since + Math.max(confirmed, times * (beam.usualWidth || 0));
      if (beam.hasHeartbeat && !isConfirmed) return 'unknown';
      if (held < Math.max(leastMicros, times * (beam.usualWidth || 0))) return 'absent';
      const arrivals = scale.blind.since(beam.levelSince);
      if (!beam.hasHeartbeat && arrivals < 2 && !isStrange(now)) return 'unknown';
      const usual = beam.usualWidth ? `, where a part takes ${(beam.usualWidth / 1e6).toFixed(2)} s` : '';
      const weight = arrivals > 0 ? `; weight arrived ${arrivals} times meanwhile` : '';
      const says = `The beam is broken for ${(held / 1e6).toFixed(1)} s without an edge${usual}${weight}`;
      return { from: beam.levelSince, confidence: arrivals > 0 ? 0.95 : 0.8, says };
    },
  };
}
