/** A healthy line whose devices are connected one after another, at any moment: no detector has seen its zero yet. */
import { expect, test } from 'vitest';
import { createDetectors, detectedChannel, type FaultChange } from '../../../common/signal/detect/index.ts';
import { createBeamSignal } from '../../../main/drill/signal/beam-signal.ts';
import { createCellSignal, type CellFault } from '../../../main/drill/signal/cell-signal.ts';
import { createLine } from '../../../main/drill/signal/line.ts';

const start = 1_795_000_000e6;
const seconds = 60;
const readEvery = 0.02;

interface Scene {
  seed: number;
  /** Seconds at which cell A is connected; cell B follows soon, the beam a while later. */
  from: number;
  faults?: CellFault[];
}

/** The names that are raised. */
function named({ seed, from, faults }: Scene): string[] {
  const line = createLine(seed, -600);
  const detectors = createDetectors();
  const told: FaultChange[] = [];
  const columns = [
    { column: 'raw', unit: 'counts' },
    { column: 'weight', unit: 'g' },
  ];
  const cells = (['a', 'b'] as const).map((cell, i) => ({
    device: `cell-${cell}`,
    since: from + 0.7 * i,
    signal: createCellSignal({ seed, cell, line, rate: 80, ...(i === 0 && faults && { faults }) }),
  }));
  const beam = createBeamSignal({ seed, line });
  const beamSince = from + 2.7;
  const known = new Set<string>();
  const feed = (
    device: string,
    dialect: string,
    info: { column: string; unit: string },
    t: number[],
    v: number[],
  ) => {
    const id = `${device}/${info.column}`;
    const kind = info.column === 'beam' ? ('step' as const) : ('linear' as const);
    if (!known.has(id))
      told.push(...detectors.add(detectedChannel(device, dialect, { id, name: id, unit: info.unit, kind })));
    known.add(id);
    told.push(
      ...detectors.feed(
        id,
        Float64Array.from(t, (at) => start + at * 1e6),
        Float64Array.from(v),
      ),
    );
  };
  for (let n = 1; n * readEvery <= seconds; n++) {
    const now = n * readEvery;
    for (const { device, since, signal } of cells) {
      const samples = [];
      for (let sample = signal.next(now); sample; sample = signal.next(now))
        if (sample.t >= since) samples.push(sample);
      if (samples.length === 0) continue;
      const t = samples.map((sample) => sample.t);
      feed(
        device,
        'hx711-csv',
        columns[0]!,
        t,
        samples.map(({ raw }) => raw),
      );
      feed(
        device,
        'hx711-csv',
        columns[1]!,
        t,
        samples.map(({ weight }) => Math.round(weight * 100) / 100),
      );
    }
    const events = [...beam.until(now)].filter(({ t }) => t >= beamSince);
    if (events.length > 0)
      feed(
        'beam',
        'beam-events',
        { column: 'beam', unit: '' },
        events.map(({ t }) => t),
        events.map(({ level }) => level),
      );
    if (n % 5 === 0) told.push(...detectors.tick(start + now * 1e6));
  }
  return told.filter(({ state }) => state === 'raised').map(({ fault, channel }) => `${fault} ${channel}`);
}

// Parts come about each 3.2 s and lie for 1.4 s: every phase of that, loaded and empty.
const moments = [0, 0.4, 0.8, 1.2, 1.6, 2, 2.4, 2.8];

test.each(moments)('a healthy line that is connected at %d s has no name', (from) => {
  for (const seed of [1, 12]) expect(named({ seed, from })).toEqual([]);
});

test.each(moments)('a cell saturated for a while is that and nothing else, connected at %d s', (from) => {
  const fault = { name: 'saturated', severity: 'severe', onset: 8, end: 12.5 } as const;
  expect(named({ seed: 1, from, faults: [fault] })).toEqual(['saturated cell-a/raw']);
});
