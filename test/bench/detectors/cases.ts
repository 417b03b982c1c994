/** The faults that the detectors must name: each in every degree, in the dialects and at the rates that it can be seen at. */
import type { FaultName } from '../../../common/signal/detect/index.ts';
import { faultNames } from '../../../common/signal/detect/index.ts';
import type { RigBeamDialect, RigCellDialect } from '../../../common/contract/rig-dialects.ts';
import { rigBeamDialects, rigCellDialects } from '../../../common/contract/rig-dialects.ts';
import type { CellRate } from '../../../main/drill/signal/cell-signal.ts';
import { severities, type Severity } from '../../../main/drill/signal/faults.ts';
import { createLine } from '../../../main/drill/signal/line.ts';
import { sensorFaults } from '../../../main/drill/signal/sensor-faults.ts';
import { simulate, type Scene, type Told } from './simulate.ts';

export interface FaultCase {
  fault: FaultName;
  severity: Severity;
  seed: number;
  rate: CellRate;
  /** Of the device that has it. */
  dialect: RigCellDialect | RigBeamDialect;
}

/** A healthy line for some time. */
export interface HealthyCase {
  seed: number;
  seconds: number;
  rate: CellRate;
  cellA: RigCellDialect;
  cellB: RigCellDialect;
  beam: RigBeamDialect;
}

/** What became of a case. Seconds since the start. */
export interface Outcome {
  /** When the fault can first be seen. */
  visible: number;
  /** When it was named, on its device; null: it was not. */
  named: number | null;
  /** Names that were raised and are no fault of the line. */
  wrong: string[];
}

const counts: readonly RigCellDialect[] = ['hx711-csv', 'hx711-reading', 'hx711-weight-raw', 'frames'];
/** A plain table says of no column what it is: only that it went quiet can be seen. */
const weights: readonly RigCellDialect[] = [...counts, 'hx711-average', 'hx711-loadcell', 'teleplot'];
/** A beam that speaks on change only may be quiet for ever. */
const steady: readonly FaultCase['dialect'][] = [...rigCellDialects, 'beam-events'];

/** What grams without a zero of the counts don't show. */
const inCounts: ReadonlySet<FaultName> = new Set<FaultName>([
  'saturated',
  'dout-high',
  'dout-low',
  'bit-slip',
  'gain-lost',
  'filtered',
]);

function dialectsOf(fault: FaultName, rate: CellRate): readonly FaultCase['dialect'][] {
  if (fault === 'quiet') return steady;
  if (fault.startsWith('beam-')) return rigBeamDialects;
  // Weights of one digit that come ten times a second stand still by themselves.
  if (fault === 'replayed' && rate === 10) return [...counts, 'hx711-loadcell'];
  return inCounts.has(fault) ? counts : weights;
}

/**
 * At 10 samples a second the mains alias to where the load is, and a filter's average never comes to rest between two parts: its
 * noise can't be seen on a line that runs.
 */
const ratesOf = (fault: FaultName): readonly CellRate[] =>
  fault === 'mains' || fault === 'filtered' ? [80] : [80, 10];

/** Each fault × degree × rate × seed, over the dialects in turn. */
export function faultCases(seeds: readonly number[]): FaultCase[] {
  return faultNames.flatMap((fault) => {
    let turn = 0;
    return ratesOf(fault).flatMap((rate) => {
      const dialects = dialectsOf(fault, rate);
      return severities.flatMap((severity) =>
        seeds.map((seed) => ({ fault, severity, seed, rate, dialect: dialects[turn++ % dialects.length]! })),
      );
    });
  });
}

/** Seconds that a line runs before its fault begins, and after it can be seen. */
const before = { least: 40, more: 5 };
const after = (fault: FaultName) => (fault === 'drift' ? 90 : 25);

export function runFault(spec: FaultCase): Outcome {
  const { fault, severity, seed, rate, dialect } = spec;
  const onset = before.least + (before.more * ((seed * 7) % 10)) / 10;
  const ofBeam = (rigBeamDialects as readonly string[]).includes(dialect);
  const target = ofBeam ? 'beam' : 'cell-a';
  const visible = visibleFrom(spec, onset, target);
  const effect = { name: fault, severity, onset, end: Infinity } as never;
  const others = { cell: rigCellDialects[seed % 8]!, beam: rigBeamDialects[seed % 3]! };
  const told = simulate({
    seed,
    seconds: visible + after(fault),
    rate,
    cellA: ofBeam ? weights[seed % 7]! : (dialect as RigCellDialect),
    cellB: others.cell,
    beam: ofBeam ? (dialect as RigBeamDialect) : others.beam,
    isDirty: true,
    isCalibrated: seed % 2 === 0,
    ...(ofBeam ? { beamFaults: [effect] } : { cellFaults: [effect] }),
  });
  const raised = told.filter(({ state }) => state === 'raised');
  const isRight = (one: Told) => one.fault === fault && one.device === target && one.at >= onset;
  return {
    visible,
    named: raised.find(isRight)?.at ?? null,
    wrong: raised.filter((one) => !isRight(one)).map(describe),
  };
}

/**
 * When a fault can first be seen: with the first value or line that it alters, as the rig's model has it. But where it takes
 * parts that pass, with the first one that shows it: whether a cell that gives grams alone has its signs inverted or
 * something was put on it, says the next part; and of a beam that speaks on change only one unseen part is no more than
 * two lines that were lost, so that the second one shows it.
 */
function visibleFrom(
  { fault, severity, seed, rate, dialect }: FaultCase,
  onset: number,
  target: 'cell-a' | 'beam',
): number {
  const altered = sensorFaults
    .find(({ name }) => name === fault)
    ?.firstVisible(seed, onset, { severity, target, rate });
  if (altered === null || altered === undefined)
    throw new Error(`${fault} (${severity}) alters nothing at ${rate}/s, seed ${seed}.`);
  const line = createLine(seed);
  const part = (index: number) => line.part(line.countBefore(altered) + index);
  if (fault === 'inverted' && !(counts as readonly string[]).includes(dialect)) return part(0).onScale;
  const speaksOnChange = dialect === 'beam-text' || dialect === 'beam-level';
  // Slight: every second one.
  if (speaksOnChange && fault === 'beam-blind') return part(severity === 'slight' ? 2 : 1).at;
  return altered;
}

/** What was raised on a line without a fault. */
export function runHealthy(spec: HealthyCase): string[] {
  const scene: Scene = { ...spec, isDirty: true, isCalibrated: spec.seed % 2 === 0 };
  return simulate(scene)
    .filter(({ state }) => state === 'raised')
    .map(describe);
}

const describe = ({ at, fault, channel, says }: Told) => `${at.toFixed(1)} s ${fault} on ${channel}: ${says}`;
