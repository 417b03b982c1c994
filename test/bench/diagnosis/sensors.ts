/** What a room would know of the rig's sensors after some minutes: their boards print, the devices' readers read. */
import type { DeviceHealth, DeviceSpec } from '../../../common/contract/devices.ts';
import type { SignalFault } from '../../../common/contract/signals.ts';
import { createDetectors, detectedChannel, type FaultChange } from '../../../common/signal/detect/index.ts';
import { dialectOf } from '../../../common/wire/index.ts';
import { printUntil } from '../../../main/drill/boards/board.ts';
import { createRigBoards } from '../../../main/drill/rig-boards.ts';
import type { ActiveFault } from '../../../main/drill/signal/faults.ts';
import type { Line } from '../../../main/drill/signal/line.ts';
import type { CapturedSamples } from '../../../main/ladder/context.ts';
import { aboutFault, keyOfFault } from '../../../main/signals/about-fault.ts';
import { createReader } from '../../../native/device-host/reader.ts';

/** A fault of a sensor from `onset` on, seconds since the rig started. */
export interface SensorStrike {
  device: string;
  fault: ActiveFault;
}

export interface SensorsOptions {
  seed: number;
  line: Line;
  /** Since when they are connected, and until when they are heard: seconds since the rig started. */
  from: number;
  until: number;
  /** Wall time of the rig's start, milliseconds since 1970. */
  startedAt: number;
  strikes: readonly SensorStrike[];
}

export interface SensorsHeard {
  specs: DeviceSpec[];
  devices: DeviceHealth[];
  faults: SignalFault[];
  samples(channel: string, from: number, to: number): CapturedSamples | null;
}

/** Seconds from one read of the ports to the next, and reads from one look at the clock to the next. */
const readEvery = 0.05;
const readsPerTick = 2;

export function hearSensors({ seed, line, from, until, startedAt, strikes }: SensorsOptions): SensorsHeard {
  const detectors = createDetectors();
  const raised = new Map<string, FaultChange>();
  const kept = new Map<string, { t: number[]; v: number[] }>();
  const microsOf = (seconds: number) => Math.round((startedAt + seconds * 1000) * 1000);
  const tell = (changes: FaultChange[]) => {
    for (const change of changes) {
      if (change.state === 'raised') raised.set(keyOfFault(change), change);
      else raised.delete(keyOfFault(change));
    }
  };
  const boards = createRigBoards({ seed, line, makeup: {}, startedAt }).map(({ spec, board, faults }) => {
    for (const strike of strikes) if (strike.device === spec.id) faults.push(strike.fault);
    printUntil(board, from);
    const reader = createReader(spec, {}, microsOf(from));
    reader.beginConnection(microsOf(from));
    for (const { column, name, unit, kind } of dialectOf(spec.dialect).columns)
      tell(
        detectors.add(
          detectedChannel(spec.id, spec.dialect, { id: `${spec.id}/${column}`, name, unit, kind }),
        ),
      );
    return { spec, board, reader, lastLines: 0 };
  });
  for (let n = 1; from + n * readEvery <= until; n++) {
    const now = from + n * readEvery;
    const at = microsOf(now);
    for (const { board, reader } of boards) {
      const bytes = printUntil(board, now);
      if (bytes.length === 0) continue;
      reader.read(bytes, at);
      for (const { channel, t, v } of reader.takeBlocks()) {
        const own = kept.get(channel) ?? { t: [], v: [] };
        kept.set(channel, own);
        for (const time of t) own.t.push(time);
        for (const value of v) own.v.push(value);
        tell(detectors.feed(channel, t, v));
      }
      reader.takeRejected(at);
    }
    if (n % readsPerTick === 0) tell(detectors.tick(at));
    if (n % Math.round(0.5 / readEvery) === 0) for (const { reader } of boards) reader.turnRates();
  }
  return {
    specs: boards.map(({ spec }) => ({
      ...spec,
      link: { by: 'path', path: `/dev/${spec.id}`, baud: 57_600 },
    })),
    devices: boards.map(({ spec, reader }) => healthOf(spec, reader)),
    faults: [...raised.values()].map((fault) => ({
      ...aboutFault(fault, [fault.channel]),
      since: fault.from,
      times: 1,
      finding: null,
      cleared: false,
    })),
    samples(channel, first, last) {
      const own = kept.get(channel);
      if (!own) return null;
      const inside = own.t.map((t, i) => [t, own.v[i]!] as const).filter(([t]) => t >= first && t < last);
      return {
        t: Float64Array.from(inside, ([t]) => t),
        v: Float64Array.from(inside, ([, v]) => v),
        since: own.t[0]!,
      };
    },
  };
}

function healthOf(spec: Omit<DeviceSpec, 'link'>, reader: ReturnType<typeof createReader>): DeviceHealth {
  const { id, name, dialect } = spec;
  const channels = dialectOf(dialect).columns.map(({ column, name: title, unit, kind }) => ({
    id: `${id}/${column}`,
    name: title,
    unit,
    kind,
  }));
  const link = `/dev/${id}`;
  return {
    ...{ id, name, dialect, link, channels, identity: null, state: 'connected', problem: null },
    spec: { ...spec, link: { by: 'path', path: link, baud: 57_600 } },
    ...{ rates: {}, bytesPerSecond: reader.bytesPerSecond, linesPerSecond: reader.linesPerSecond },
    ...{ rejectedBytes: reader.rejectedBytes, rejectedLines: reader.rejectedLines, reconnects: 0 },
    ...{ gaps: { count: 0, micros: 0 }, lost: 0, remarks: [], clock: null, lastHeard: reader.lastHeard },
  };
}
