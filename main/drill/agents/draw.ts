import { uniform } from '../signal/random.ts';

/** Draws of one turn, one after the other: the same for the same seed, agent and turn. */
export interface Draw {
  /** Uniform in (0, 1). */
  next(): number;
  /** Whole, from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  between(least: number, most: number): number;
  pick<T>(of: readonly T[]): T;
  chance(share: number): boolean;
  /** So many hexadecimal digits. */
  hex(digits: number): string;
}

/** Streams of the rig's randomness that agents draw from: one each (signal/streams.ts). */
export const agentStream = { operator: 60, analyst: 61, keeper: 62 } as const;

/** Draws that one turn may take before it would run into those of the next. */
const mostDraws = 65_536;

export function createDraw(seed: number, stream: number, turn: number): Draw {
  let index = turn * mostDraws;
  const next = () => uniform(seed, stream, index++);
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    between: (least, most) => least + next() * (most - least),
    pick: (of) => of[whole(0, of.length - 1)]!,
    chance: (share) => next() < share,
    hex: (digits) => Array.from({ length: digits }, () => whole(0, 15).toString(16)).join(''),
  };
}

/** A random identifier as RFC 9562 writes version 4. */
export const uuidOf = (draw: Draw): string =>
  `${draw.hex(8)}-${draw.hex(4)}-4${draw.hex(3)}-${draw.pick(['8', '9', 'a', 'b'])}${draw.hex(3)}-${draw.hex(12)}`;
