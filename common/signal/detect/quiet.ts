import type { Pace } from './pace.ts';
import type { Detector } from './types.ts';

/** Microseconds: a short gap is none; a slow channel may miss two of its turns. */
const least = 1.5e6;
const turns = 3;
/** A heartbeat comes each second: two may fall into one short gap of the link, and the line after it may be spoiled. */
const missedBeats = 4.2e6;

/** No sample for 1.5 s and three usual intervals from a channel that spoke steadily. */
export function createQuiet(pace: Pace, alwaysSteady: boolean): Detector {
  return {
    fault: 'quiet',
    clearAfter: 0.5,
    judge(now) {
      const { usual, last, heard } = pace;
      const isSteady = alwaysSteady ? !Number.isNaN(last) : pace.isSteady;
      if (!isSteady) return 'unknown';
      const silence = now - heard;
      const limit = alwaysSteady ? missedBeats : Math.max(least, turns * usual);
      if (silence < limit) return 'absent';
      const often = alwaysSteady
        ? 'once a second'
        : `every ${usual < 1e6 ? `${(usual / 1000).toPrecision(3)} ms` : `${(usual / 1e6).toPrecision(3)} s`}`;
      const says = `No sample for ${(silence / 1e6).toFixed(1)} s, where there was one ${often}`;
      return { from: last, confidence: 0.95, says };
    },
  };
}
