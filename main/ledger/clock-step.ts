import type { Clock } from '../../common/lib/clock.ts';

const lookEveryMicros = 1_000_000;
const toleranceMs = 1000;

/**
 * Watches the wall clock against the anchored axis. The answer says by how many milliseconds the wall clock stepped since
 * it was last in order, or null; it looks at most once a second.
 */
export function createStepWatch(clock: Clock): () => number | null {
  const wallAhead = () => Date.now() - clock.now() / 1000;
  let offset = wallAhead();
  let looked = -Infinity;
  return () => {
    const mono = clock.mono();
    if (mono - looked < lookEveryMicros) return null;
    looked = mono;
    const ahead = wallAhead();
    const byMs = Math.round(ahead - offset);
    if (Math.abs(byMs) <= toleranceMs) return null;
    offset = ahead;
    return byMs;
  };
}
