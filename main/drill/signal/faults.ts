/** What the faults of sensors have in common: names, degrees, and when they strike. Pure functions of seed and time. */
import { faultSeverity } from '../../../common/incident/entries.ts';
import { uniform } from './random.ts';
import { stream } from './streams.ts';

export const severities = faultSeverity.options;
export type Severity = (typeof severities)[number];

export const cellFaultNames = [
  'saturated',
  'dout-high',
  'dout-low',
  'replayed',
  'bit-slip',
  'gain-lost',
  'spikes',
  'inverted',
  'drift',
  'half-rate',
  'filtered',
  'mains',
  'noise',
  'quiet',
] as const;
export type CellFaultName = (typeof cellFaultNames)[number];

export const beamFaultNames = [
  'beam-stuck',
  'beam-false-edges',
  'beam-blind',
  'beam-bounce',
  'beam-lamps',
  'quiet',
] as const;
export type BeamFaultName = (typeof beamFaultNames)[number];

/** A fault in effect during [onset, end), seconds since the rig started. */
export interface ActiveFault<Name extends string = string> {
  name: Name;
  severity: Severity;
  onset: number;
  /** Not yet over: Infinity. */
  end: number;
}

/** The fault of that name in effect at `time`; the newest of several. */
export function faultAt<Name extends string>(
  faults: readonly ActiveFault<Name>[],
  name: Name,
  time: number,
): ActiveFault<Name> | undefined {
  for (let i = faults.length - 1; i >= 0; i--) {
    const fault = faults[i]!;
    if (fault.name === name && fault.onset <= time && time < fault.end) return fault;
  }
  return undefined;
}

const streamNames: readonly string[] = [...new Set<string>([...cellFaultNames, ...beamFaultNames])];

/** The stream of randomness of a fault; `part` 0 or 1. Two cells with one fault differ: `aim` is 0 or 1. */
export function faultStream(name: string, part: 0 | 1, aim: 0 | 1 = 0): number {
  return stream.faults + streamNames.indexOf(name) * 4 + aim * 2 + part;
}

/** A span of time that a fault strikes for. */
export interface Burst {
  index: number;
  start: number;
  end: number;
}

/** In each `period` one burst, `least` to `most` seconds long. `least` = Infinity: it strikes all the time. */
export interface BurstPlan {
  period: number;
  least: number;
  most: number;
}

export const always: BurstPlan = { period: Infinity, least: Infinity, most: Infinity };

/** Burst `index` of a fault that began at `onset`; the first begins with it. */
function burstOf(seed: number, streamId: number, plan: BurstPlan, onset: number, index: number): Burst {
  if (plan.period === Infinity) return { index: 0, start: onset, end: Infinity };
  const length = plan.least + (plan.most - plan.least) * uniform(seed, streamId, index * 2);
  const slack = index === 0 ? 0 : (plan.period - length) * 0.8 * uniform(seed, streamId, index * 2 + 1);
  const start = onset + index * plan.period + slack;
  return { index, start, end: start + length };
}

const burstIndex = ({ period }: BurstPlan, onset: number, time: number) =>
  period === Infinity ? 0 : Math.max(0, Math.floor((time - onset) / period));

/** The burst under way at `time`, which the fault has begun by. */
export function burstAt(
  seed: number,
  streamId: number,
  plan: BurstPlan,
  onset: number,
  time: number,
): Burst | null {
  const burst = burstOf(seed, streamId, plan, onset, burstIndex(plan, onset, time));
  return time >= burst.start && time < burst.end ? burst : null;
}

/** All bursts that touch [from, to], in order. */
export function burstsIn(
  seed: number,
  streamId: number,
  plan: BurstPlan,
  onset: number,
  from: number,
  to: number,
): Burst[] {
  const bursts: Burst[] = [];
  const last = burstIndex(plan, onset, to);
  for (let index = burstIndex(plan, onset, from); index <= last; index++) {
    const burst = burstOf(seed, streamId, plan, onset, index);
    if (burst.start <= to && burst.end >= from) bursts.push(burst);
  }
  return bursts;
}

/**
 * The number of the event that falls into (before, time], null where there is none. Each `period` has one, at a random
 * moment of its middle, so that two are never closer than 0.4 periods.
 */
export function eventIn(
  seed: number,
  streamId: number,
  period: number,
  onset: number,
  before: number,
  time: number,
): number | null {
  for (let index = Math.floor((time - onset) / period); index >= 0; index--) {
    const at = onset + period * (index + 0.2 + 0.6 * uniform(seed, streamId, index));
    if (at > time) continue;
    return at > before ? index : null;
  }
  return null;
}
