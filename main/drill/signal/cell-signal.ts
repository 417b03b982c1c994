/**
 * What the HX711 of one load cell gives and its firmware reads, conversion by conversion: the load behind the chip's
 * filter, noise at its floor, mains that alias, and the faults in effect. The same seed gives the same samples, from
 * wherever it is begun.
 */
import { leastCounts, mostCounts } from '../../../common/wire/hx711.ts';
import * as degree from './cell-faults.ts';
import { burstAt, eventIn, faultAt, faultStream, type ActiveFault, type CellFaultName } from './faults.ts';
import { createLine, type Line } from './line.ts';
import { mainsHertz } from './mains.ts';
import { normal, uniform } from './random.ts';
import { stream } from './streams.ts';

export type CellName = 'a' | 'b';
export type CellRate = 80 | 10;
export type CellFault = ActiveFault<CellFaultName>;

/** One reading that the firmware prints. */
export interface CellSample {
  /** Seconds since the rig started. */
  t: number;
  /** Counts. */
  raw: number;
  /** Grams, not rounded. */
  weight: number;
  /** False where the chip never says that it is ready: some firmware says so, and reads all the same. */
  isReady: boolean;
}

export interface CellSignalOptions {
  seed: number;
  cell: CellName;
  /** Nominal samples a second; 80 unless told. The chip's oscillator is up to 3 % off. */
  rate?: CellRate | undefined;
  /** The line that both cells and the beam share; one that runs since `from` unless told. */
  line?: Line | undefined;
  /** Samples begin here; where the line begins unless told. */
  from?: number | undefined;
  /** Read at every sample: the owner may add faults, and end them, as time goes on. */
  faults?: readonly CellFault[] | undefined;
}

export interface CellSignal {
  /** Conversions a second. */
  readonly rate: number;
  /** The next sample whose time is not after `until`; null when there is none. */
  next(until?: number): CellSample | null;
}

/** Offset and counts per gram of each cell as calibrated. */
export const cellConstants = {
  a: { offset: -84_213, scale: 428.6, noise: stream.cellA, aim: 0 },
  b: { offset: 61_870, scale: 431.2, noise: stream.cellB, aim: 1 },
} as const;

/** Counts rms of the chip's own noise (SENSORS). */
export const noiseFloor: Record<CellRate, number> = { 80: 38, 10: 21 };
/** Pick-up of a cable in order: 3 counts rms. */
const healthyPickUp = 4;
/** Counts that the temperature of the hall moves the zero by, to and fro. */
const wander = { counts: 12, least: 2_100, most: 3_000 };
/** Seconds that a firmware waits at most before it sees that a conversion is ready. */
const polling = 0.0005;

export function createCellSignal(options: CellSignalOptions): CellSignal {
  const { seed, cell, rate: nominal = 80, faults = [] } = options;
  const line = options.line ?? createLine(seed, options.from);
  const constants = cellConstants[cell];
  const rate = nominal * (1 + (uniform(seed, stream.oscillator, constants.aim) - 0.5) * 0.06);
  const mains = 2 * Math.PI * mainsHertz(seed).exact;
  const wanderOmega =
    (2 * Math.PI) /
    (wander.least + (wander.most - wander.least) * uniform(seed, stream.wander, constants.aim));
  const wanderPhase = 2 * Math.PI * uniform(seed, stream.wander, 2 + constants.aim);
  const timeOf = (k: number) => line.from + k / rate;
  /** Conversions that start before it count: the chip's filter and the firmware's average look back. */
  let k = Math.max(0, Math.ceil(((options.from ?? line.from) - line.from) * rate));

  const active = (name: CellFaultName, time: number) => faultAt(faults, name, time);
  const drawn = (name: CellFaultName, part: 0 | 1, index: number) =>
    uniform(seed, faultStream(name, part, constants.aim), index);
  const strikes = (fault: CellFault, plan: Parameters<typeof burstAt>[2], time: number) =>
    burstAt(seed, faultStream(fault.name, 0, constants.aim), plan, fault.onset, time);
  const eventOf = (fault: CellFault, period: number, before: number, time: number) =>
    eventIn(seed, faultStream(fault.name, 0, constants.aim), period, fault.onset, before, time);

  /** Load in grams of conversion `index`, as the mean over it: at 10 a second the platform rings within one. */
  const converted = createMemory((index) => {
    const steps = nominal === 80 ? 1 : 8;
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += line.load(cell, timeOf(index - i / steps));
    return sum / steps;
  });

  /** The chip's filter settles in four conversions: 50 ms at 80, 400 ms at 10 (SENSORS). */
  const settled = (index: number) =>
    (converted(index) + 3 * converted(index - 1) + 3 * converted(index - 2) + converted(index - 3)) / 8;

  /** Slow: temperature, and the fault. */
  function zeroShift(time: number): number {
    const temperature = wander.counts * Math.sin(wanderOmega * time + wanderPhase);
    const fault = active('drift', time);
    if (!fault) return temperature;
    const amplitude = (degree.drifts[fault.severity] / 60) * degree.driftSeconds;
    const sign = drawn('drift', 1, 0) < 0.5 ? -1 : 1;
    return temperature + sign * amplitude * (1 - Math.exp(-(time - fault.onset) / degree.driftSeconds));
  }

  /** At 10 a second the filter has its zeros at 50 and 60 Hz (SENSORS: shows only at 80/s). */
  function pickUp(time: number): number {
    if (nominal === 10) return 0;
    const fault = active('mains', time);
    return (fault ? degree.pickUp[fault.severity] : healthyPickUp) * Math.sin(mains * time);
  }

  function noise(index: number, time: number): number {
    const own = normal(seed, constants.noise, index) * noiseFloor[nominal];
    const fault = active('noise', time);
    if (!fault) return own;
    const extra = Math.sqrt(degree.louder[fault.severity] ** 2 - 1) * noiseFloor[nominal];
    return own + normal(seed, stream.broadband + 50 * constants.aim, index) * extra;
  }

  function bridge(index: number, time: number): number {
    const load = settled(index) * constants.scale;
    const inverted = active('inverted', time);
    // `slight`: somebody tared after the wires were swapped, so that only the load goes the wrong way.
    if (inverted?.severity === 'slight') return constants.offset - load;
    return (inverted ? -1 : 1) * (constants.offset + load);
  }

  /** The share of the full gain that conversion `index` is made with. */
  function gain(time: number): number {
    const fault = active('gain-lost', time);
    if (!fault) return 1;
    const { period, least, most, quarters } = degree.gainRuns[fault.severity];
    const plan = { period: Math.max(period, (most + 6) / rate), least: least / rate, most: most / rate };
    // A first run begins half a second after the fault.
    const onset = fault.onset + 0.5;
    if (time < onset) return 1;
    const run = burstAt(seed, faultStream('gain-lost', 0, constants.aim), plan, onset, time);
    if (!run) return 1;
    return quarters && drawn('gain-lost', 1, run.index) < 0.5 ? 0.25 : 0.5;
  }

  /** What the chip has in its register. */
  function counts(index: number): number {
    const time = timeOf(index);
    const share = gain(time);
    // Less gain leaves less noise, but not in proportion.
    const analog =
      share * (bridge(index, time) + zeroShift(time) + pickUp(time)) +
      Math.max(share, 0.6) * noise(index, time);
    return clamp(Math.round(analog));
  }

  function atRail(time: number): number | null {
    const fault = active('saturated', time);
    const burst = fault && strikes(fault, degree.contact[fault.severity], time);
    if (!burst) return null;
    return drawn('saturated', 1, burst.index) < 0.5 ? leastCounts : mostCounts;
  }

  function isStuck(name: 'dout-high' | 'dout-low', time: number): boolean {
    const fault = active(name, time);
    return fault !== undefined && strikes(fault, degree.contact[fault.severity], time) !== null;
  }

  function slipped(before: number, time: number): number | null {
    const fault = active('bit-slip', time);
    const period = fault ? Math.max(degree.slips[fault.severity], 10 / rate) : 0;
    const event = fault ? eventOf(fault, period, before, time) : null;
    if (event === null) return null;
    const { least, most } = degree.slippedBits;
    return 2 ** (least + Math.floor(drawn('bit-slip', 1, event) * (most - least + 1))) - 1;
  }

  function spike(before: number, time: number): number {
    const fault = active('spikes', time);
    if (!fault) return 0;
    const { period, least, most } = degree.spikes[fault.severity];
    const event = eventOf(fault, Math.max(period, 10 / rate), before, time);
    if (event === null) return 0;
    const size = least + (most - least) * drawn('spikes', 1, event * 2);
    return (drawn('spikes', 1, event * 2 + 1) < 0.5 ? -1 : 1) * Math.round(size);
  }

  /** What the firmware has read after conversion `index`. */
  const read = createMemory((index) => {
    const time = timeOf(index);
    if (isStuck('dout-low', time)) return 0;
    if (isStuck('dout-high', time)) return -1;
    const rail = atRail(time);
    if (rail !== null) return rail;
    const before = timeOf(index - 1);
    return slipped(before, time) ?? clamp(counts(index) + spike(before, time));
  });

  /** What it makes of what it has read. */
  function passedOn(index: number): number {
    const time = timeOf(index);
    const replayed = active('replayed', time);
    const hold = replayed && strikes(replayed, degree.held[replayed.severity], time);
    const source = hold ? Math.max(0, Math.ceil((hold.start - line.from) * rate)) : index;
    const filtered = active('filtered', timeOf(source));
    if (!filtered) return read(source);
    const span = degree.averaged[filtered.severity][nominal === 80 ? 'at80' : 'at10'];
    let sum = 0;
    for (let i = 0; i < span; i++) sum += read(source - i);
    return Math.round(sum / span);
  }

  /** A blocking firmware reads its share of each twenty conversions, never at the same places. */
  function isMissed(index: number, time: number): boolean {
    const fault = active('half-rate', time);
    if (!fault) return false;
    const group = Math.floor(index / 20);
    const place = index - group * 20;
    let rank = 0;
    const own = drawn('half-rate', 0, group * 20 + place);
    for (let i = 0; i < 20; i++) if (drawn('half-rate', 0, group * 20 + i) < own) rank++;
    return rank >= degree.kept[fault.severity] * 20;
  }

  function isSilent(time: number): boolean {
    const fault = active('quiet', time);
    return fault !== undefined && strikes(fault, degree.silence[fault.severity], time) !== null;
  }

  function printedAt(index: number, time: number): number {
    const slack = active('half-rate', time) ? 0.5 / rate : polling;
    return time + slack * uniform(seed, stream.printing + 50 * constants.aim, index);
  }

  return {
    rate,
    next(until = Infinity) {
      for (; ; k++) {
        const time = timeOf(k);
        if (time > until) return null;
        const t = printedAt(k, time);
        if (t > until) return null;
        if (isSilent(time) || isMissed(k, time)) continue;
        const raw = passedOn(k++);
        const isReady = active('dout-high', time)?.severity !== 'severe';
        return { t, raw, weight: (raw - constants.offset) / constants.scale, isReady };
      }
    },
  };
}

const clamp = (value: number) => Math.max(leastCounts, Math.min(mostCounts, value));

/** Remembers the last values of a pure function of an index. */
function createMemory(make: (index: number) => number): (index: number) => number {
  const size = 64;
  const indices = new Float64Array(size).fill(NaN);
  const values = new Float64Array(size);
  return (index) => {
    const place = ((index % size) + size) % size;
    if (indices[place] !== index) {
      values[place] = make(index);
      indices[place] = index;
    }
    return values[place]!;
  };
}
