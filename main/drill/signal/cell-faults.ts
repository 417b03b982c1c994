/** How much each fault of a load cell does in each degree. Counts are at gain 128; one gram is about 430 counts here. */
import { always, type BurstPlan, type Severity } from './faults.ts';

type By<T> = Record<Severity, T>;

/**
 * The bridge or the data wire has contact now and then: bad for half a second in two (`slight`), good for a moment in
 * four seconds (`clear`), always bad (`severe`).
 */
export const contact: By<BurstPlan> = {
  slight: { period: 2.5, least: 0.5, most: 0.9 },
  clear: { period: 4, least: 2.5, most: 3.2 },
  severe: always,
};

/** An adapter repeats its last value: for one and a half seconds now and then, most of the time, for ever. */
export const held: By<BurstPlan> = {
  slight: { period: 5, least: 1.5, most: 2 },
  clear: { period: 6, least: 3.5, most: 4.5 },
  severe: always,
};

/** The firmware hangs, its watchdog brings it back: after 3 s, after 10 s, never. */
export const silence: By<BurstPlan> = {
  slight: { period: 12, least: 3, most: 4.5 },
  clear: { period: 20, least: 9, most: 12 },
  severe: always,
};

/** Seconds from one slipped read to the next. From one bit on all are read as ones: 2^k − 1. */
export const slips: By<number> = { slight: 2.5, clear: 0.8, severe: 0.25 };
/** The highest bits: a slip further down is hardly more than noise, or is the load's own size. */
export const slippedBits = { least: 18, most: 23 };

/** Seconds from one spike to the next, and its size in counts: 4 to 8 g, 20 to 90 g, half a kilogram and more. */
export const spikes: By<{ period: number; least: number; most: number }> = {
  slight: { period: 2.5, least: 1_600, most: 3_200 },
  clear: { period: 0.8, least: 8_000, most: 40_000 },
  severe: { period: 0.25, least: 200_000, most: 2_000_000 },
};

/**
 * Reads without their last clock pulses: the next conversions are at gain 64 or 32. Seconds from one such run to the next,
 * its samples, and whether 32 comes too.
 */
export const gainRuns: By<{ period: number; least: number; most: number; quarters: boolean }> = {
  slight: { period: 2.5, least: 1, most: 4, quarters: false },
  clear: { period: 1, least: 2, most: 8, quarters: true },
  severe: { period: 0.4, least: 4, most: 12, quarters: true },
};

/**
 * Counts a minute at the beginning; the rest is an exponential with `driftSeconds` (SENSORS: wait 20 minutes). `slight`: in five
 * minutes the empty scale moves as far as parts differ (σ = 4 g).
 */
export const drifts: By<number> = { slight: 400, clear: 1_000, severe: 4_000 };
export const driftSeconds = 1_200;

/** Share of the conversions that a blocking firmware still reads (SENSORS: about half). */
export const kept: By<number> = { slight: 0.7, clear: 0.5, severe: 0.25 };

/** Readings that the firmware's moving average spans: noise falls to a third, a quarter, a sixth of the floor at 80/s. */
export const averaged: By<{ at80: number; at10: number }> = {
  slight: { at80: 8, at10: 5 },
  clear: { at80: 16, at10: 8 },
  severe: { at80: 40, at10: 16 },
};
export const mostAveraged = 40;

/** Amplitude of the pick-up in counts: rms as much as the noise floor (38), four times, twenty times as much. */
export const pickUp: By<number> = { slight: 54, clear: 215, severe: 1_075 };

/** Broadband noise, times the floor. No detector names it: it must not be taken for another fault. */
export const louder: By<number> = { slight: 2, clear: 4, severe: 12 };
