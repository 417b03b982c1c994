import type { BeamTrack } from './beam-track.ts';
import { Recent } from './recent.ts';
import type { Detector } from './types.ts';

/** Microseconds: edges nearer than that belong to one cluster. Nothing passes a beam that fast. */
const shortest = 25_000;
const least = 3;
/** A longer cluster is not of one edge. */
const longest = 30_000;
/** Nothing may come so long before and after it: what flickers on is of no one edge. */
const apart = 60_000;
/** Until it is decided. */
const wait = 150_000;

/**
 * Around a true edge there are more of them, nearer to each other than anything passes: clusters of three edges or more, an odd
 * number, so that the level is another one afterwards.
 */
export function createBeamBounce(beam: BeamTrack): Detector {
  const recent = new Recent(64);
  const cluster = { from: NaN, to: NaN, count: 0 };
  let seen = 0;
  let most = 0;

  let endedAt = -Infinity;
  function close(next: number): void {
    const { from, to, count } = cluster;
    const isApart = from - endedAt > apart && next - to > apart;
    cluster.count = 0;
    endedAt = to;
    if (count < least || count % 2 === 0 || to - from > longest || !isApart) return;
    recent.add(from);
    most = count;
  }

  return {
    fault: 'beam-bounce',
    clearAfter: 8,
    sample() {
      if (beam.edgesSeen === seen) return;
      seen = beam.edgesSeen;
      const at = beam.edgeAt(0);
      if (cluster.count > 0 && at - cluster.to > shortest) close(at);
      if (cluster.count === 0) cluster.from = at;
      cluster.to = at;
      cluster.count++;
    },
    judge(now) {
      if (cluster.count > 0 && now - cluster.to > wait) close(now);
      const count = recent.since(now - 10e6);
      if (count === 0) return 'absent';
      const says = `${count} times in 10 s one edge was several within ${longest / 1000} ms, the last time ${most}`;
      return { from: recent.firstSince(now - 10e6), confidence: count === 1 ? 0.75 : 0.95, says };
    },
  };
}
