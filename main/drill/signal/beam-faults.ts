/** How much each fault of the break beam does in each degree. */
import { always, type BurstPlan, type Severity } from './faults.ts';

type By<T> = Record<Severity, T>;

/** Dirt or a bad wire: broken for some seconds now and then, most of the time, for ever. */
export const stuck: By<BurstPlan> = {
  slight: { period: 9, least: 3, most: 4.5 },
  clear: { period: 16, least: 11, most: 14 },
  severe: always,
};

/** One part in so many is missed: every second one, four of five, all. The first after the beginning always is. */
export const seen: By<{ one: number; of: number }> = {
  slight: { one: 1, of: 2 },
  clear: { one: 1, of: 5 },
  severe: { one: 0, of: 1 },
};

/**
 * Pulses that no part makes, seconds long. `slight`: one after each part has left (a cable that it swings). `clear`,
 * `severe`: at any time, one in each period.
 */
export const falsePulses: By<{ period: number; least: number; most: number }> = {
  slight: { period: 0, least: 0.06, most: 0.2 },
  clear: { period: 1.2, least: 0.04, most: 0.2 },
  severe: { period: 0.3, least: 0.03, most: 0.12 },
};
/** Seconds after its beam broke in which a part that leaves swings the cable. */
export const swings = { least: 1.35, most: 1.95 };

/** Extra pairs of edges around each true one, and how long all of them take in seconds. */
export const bounces: By<{ least: number; most: number; within: number }> = {
  slight: { least: 1, most: 1, within: 0.003 },
  clear: { least: 2, most: 4, within: 0.006 },
  severe: { least: 5, most: 10, within: 0.015 },
};
export const longestBounce = 0.015;

/**
 * Lamps flicker at twice the mains' frequency. When the receiver takes them for a broken beam (always, or for half a second
 * now and then), in which share of the periods it does, and for how long.
 */
export const lamps: By<{ when: BurstPlan; share: number; least: number; most: number }> = {
  slight: { when: { period: 2.5, least: 0.5, most: 0.8 }, share: 0.75, least: 0.001, most: 0.002 },
  clear: { when: always, share: 0.8, least: 0.001, most: 0.003 },
  severe: { when: always, share: 1, least: 0.003, most: 0.005 },
};
