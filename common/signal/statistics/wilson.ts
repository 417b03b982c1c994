import { WarroomError } from '../../lib/errors.ts';

export interface Interval {
  low: number;
  high: number;
}

/** Of a normal distribution, 95 % two-sided. */
const z95 = 1.959_963_984_540_054;

/**
 * Wilson's score interval of a share (1927), 95 % unless told: stays within [0, 1], and says something of 0 of 20.
 * Throws `bad-input` for no trials and for more hits than trials.
 */
export function wilson(hits: number, trials: number, z: number = z95): Interval {
  if (!(trials > 0 && hits >= 0 && hits <= trials))
    throw new WarroomError('bad-input', `${hits} of ${trials} is no share.`);
  const share = hits / trials;
  const square = (z * z) / trials;
  const middle = share + square / 2;
  const half = z * Math.sqrt((share * (1 - share) + square / 4) / trials);
  return {
    low: hits === 0 ? 0 : (middle - half) / (1 + square),
    high: hits === trials ? 1 : (middle + half) / (1 + square),
  };
}
