/** Every fault that a sensor of the rig can have: what it is, what it looks like, and from when on it can be seen. */
import { createBeamSignal, type BeamFault } from './beam-signal.ts';
import { createCellSignal, type CellFault, type CellName, type CellRate } from './cell-signal.ts';
import {
  beamFaultNames,
  cellFaultNames,
  severities,
  type BeamFaultName,
  type CellFaultName,
  type Severity,
} from './faults.ts';
import { createLine } from './line.ts';

export type SensorFaultName = CellFaultName | BeamFaultName;
export type SensorTarget = 'cell-a' | 'cell-b' | 'beam';

export interface FirstVisibleOptions {
  severity: Severity;
  /** Unless told the first of `targets`. */
  target?: SensorTarget | undefined;
  /** Of the cells; 80 unless told. */
  rate?: CellRate | undefined;
  /** Since when the line runs; 0 unless told. */
  from?: number | undefined;
}

export interface SensorFault {
  name: SensorFaultName;
  title: string;
  targets: readonly SensorTarget[];
  severities: readonly Severity[];
  /**
   * Seconds since the rig started at which a fault that begins at `onset` first alters what is printed: a value that is
   * another one, a line that comes or doesn't. A blind beam shows only at the next part. Null when it does not within two
   * minutes (mains at 10 samples a second).
   */
  firstVisible(seed: number, onset: number, options: FirstVisibleOptions): number | null;
}

const titles: Record<SensorFaultName, string> = {
  saturated: 'Load cell saturated (bridge wire open)',
  'dout-high': 'DOUT stuck high (chip in power-down)',
  'dout-low': 'DOUT stuck low (no power)',
  replayed: 'Adapter repeats its last value',
  'bit-slip': 'Bits slip in the read',
  'gain-lost': 'Gain pulses are lost',
  spikes: 'Isolated spikes',
  inverted: 'A+ and A− swapped',
  drift: 'Zero drifts (warm-up)',
  'half-rate': 'Firmware blocks: samples are missing',
  filtered: 'Firmware filters (moving average)',
  mains: 'Mains pick-up',
  noise: 'More noise',
  quiet: 'A sensor goes quiet, its port stays',
  'beam-stuck': 'Beam stuck at broken',
  'beam-false-edges': 'Beam breaks without a part',
  'beam-blind': 'Beam is blind: parts pass unseen',
  'beam-bounce': 'Beam’s edges bounce',
  'beam-lamps': 'Lamps flicker into the beam',
};

const cells = ['cell-a', 'cell-b'] as const;

/** In the order in which the room shows them. */
export const sensorFaults: readonly SensorFault[] = [...new Set([...cellFaultNames, ...beamFaultNames])].map(
  (name) => ({
    name,
    title: titles[name],
    targets: targetsOf(name),
    severities,
    firstVisible: (seed, onset, options) => firstVisible(name, seed, onset, options),
  }),
);

function targetsOf(name: SensorFaultName): readonly SensorTarget[] {
  if (name === 'quiet') return [...cells, 'beam'];
  return name.startsWith('beam-') ? ['beam'] : cells;
}

const horizon = 120;

function firstVisible(
  name: SensorFaultName,
  seed: number,
  onset: number,
  options: FirstVisibleOptions,
): number | null {
  const { severity, target = targetsOf(name)[0]!, rate = 80, from = 0 } = options;
  const fault = { name, severity, onset, end: Infinity };
  const line = createLine(seed, from);
  if (target === 'beam') return firstBeamDifference(seed, line, fault as BeamFault);
  const cell: CellName = target === 'cell-a' ? 'a' : 'b';
  const signal = (faults: CellFault[]) =>
    createCellSignal({ seed, cell, rate, line, faults, from: Math.max(from, onset - 0.1) });
  const healthy = signal([]);
  const faulty = signal([fault as CellFault]);
  for (;;) {
    const [was, is] = [healthy.next(onset + horizon), faulty.next(onset + horizon)];
    if (!was && !is) return null;
    if (!was || !is || was.t !== is.t) return Math.min(was?.t ?? Infinity, is?.t ?? Infinity);
    if (was.raw !== is.raw) return is.t;
  }
}

function firstBeamDifference(
  seed: number,
  line: ReturnType<typeof createLine>,
  fault: BeamFault,
): number | null {
  const until = fault.onset + horizon;
  const was = createBeamSignal({ seed, line }).until(until);
  const is = createBeamSignal({ seed, line, faults: [fault] }).until(until);
  for (let i = 0; i < Math.max(was.length, is.length); i++) {
    const [a, b] = [was[i], is[i]];
    if (a?.t !== b?.t || a?.level !== b?.level || a?.kind !== b?.kind)
      return Math.min(a?.t ?? Infinity, b?.t ?? Infinity);
  }
  return null;
}
