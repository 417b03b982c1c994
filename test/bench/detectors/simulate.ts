/**
 * A line of two cells, a beam and a Jetson: the rig's boards print, links spoil some of it, the device's own readers read, and
 * the detectors watch, in simulated time.
 */
import { createDetectors, detectedChannel, type FaultChange } from '../../../common/signal/detect/index.ts';
import { dialectOf } from '../../../common/wire/index.ts';
import type { DialectColumn } from '../../../common/wire/types.ts';
import type { RigBeamDialect, RigCellDialect } from '../../../common/contract/rig-dialects.ts';
import { createBeamBoard } from '../../../main/drill/boards/beam-board.ts';
import type { Board } from '../../../main/drill/boards/board.ts';
import { createCellBoard } from '../../../main/drill/boards/cell-board.ts';
import { createJetsonBoard } from '../../../main/drill/boards/jetson-board.ts';
import { createBeamSignal, type BeamFault } from '../../../main/drill/signal/beam-signal.ts';
import {
  cellConstants,
  createCellSignal,
  type CellFault,
  type CellName,
  type CellRate,
} from '../../../main/drill/signal/cell-signal.ts';
import { createLine } from '../../../main/drill/signal/line.ts';
import { createReader } from '../../../native/device-host/reader.ts';
import { cleanLink, dirtyLink } from './dirt.ts';

export interface Scene {
  seed: number;
  seconds: number;
  rate: CellRate;
  cellA: RigCellDialect;
  cellB: RigCellDialect;
  beam: RigBeamDialect;
  isDirty: boolean;
  /** Whether the cells that give counts are calibrated. */
  isCalibrated: boolean;
  /** Of cell A. */
  cellFaults?: CellFault[];
  beamFaults?: BeamFault[];
}

/** A change with the time at which it was told; all times in seconds since the start. */
export interface Told extends FaultChange {
  at: number;
}

const start = 1_795_000_000e6;
/** Seconds from one read of the ports to the next, and from one look at the clock to the next in such reads. */
const readEvery = 0.02;
const readsPerTick = 5;

export function simulate(scene: Scene): Told[] {
  const detectors = createDetectors();
  const told: Told[] = [];
  let now = 0;
  const tell = (changes: FaultChange[]) => {
    for (const change of changes)
      told.push({ ...change, at: now, from: (change.from - start) / 1e6, to: (change.to - start) / 1e6 });
  };
  const devices = boardsOf(scene).map(({ id, board, cell }, which) => {
    const reader = createReader({ id, dialect: board.dialect }, {}, start);
    reader.beginConnection(start);
    const link = scene.isDirty ? dirtyLink(board, scene.seed, which) : cleanLink(board);
    const columns = dialectOf(board.dialect).columns;
    // Only counts can be calibrated: of grams alone the zero of the counts is not known.
    const hasCounts = columns.some(({ unit }) => unit === 'counts');
    const calibration = cell && hasCounts && scene.isCalibrated ? cellConstants[cell] : undefined;
    const addColumns = (added: readonly DialectColumn[]) => {
      for (const { column, name, unit, kind } of added) {
        const info = detectedChannel(id, board.dialect, { id: `${id}/${column}`, name, unit, kind });
        tell(detectors.add({ ...info, calibration }));
      }
    };
    addColumns(columns);
    return { id, reader, link, addColumns };
  });

  for (let n = 1; n * readEvery <= scene.seconds; n++) {
    now = n * readEvery;
    const at = Math.round(start + now * 1e6);
    for (const { id, reader, link, addColumns } of devices) {
      const lines = link(now);
      if (lines.length === 0) continue;
      reader.read(lines.length === 1 ? lines[0]! : Buffer.concat(lines), at);
      addColumns(reader.takeNewColumns());
      for (const { channel, t, v } of reader.takeBlocks()) tell(detectors.feed(channel, t, v));
      const isDoubtful = reader.takeRejected(at).length > 0;
      if (reader.takeLost() > 0 || isDoubtful) detectors.doubt(id, at);
    }
    if (n % readsPerTick === 0) tell(detectors.tick(at));
  }
  return told;
}

function boardsOf(scene: Scene): { id: string; board: Board; cell?: CellName }[] {
  const { seed, rate, cellFaults, beamFaults } = scene;
  const line = createLine(seed);
  const cell = (name: CellName, dialect: RigCellDialect, faults?: CellFault[]) => ({
    id: `cell-${name}`,
    cell: name,
    board: createCellBoard(createCellSignal({ seed, cell: name, rate, line, faults }), { dialect, from: 0 }),
  });
  const beam = createBeamSignal({ seed, line, faults: beamFaults });
  return [
    cell('a', scene.cellA, cellFaults),
    cell('b', scene.cellB),
    { id: 'beam', board: createBeamBoard(beam, { dialect: scene.beam, from: 0 }) },
    { id: 'jetson', board: createJetsonBoard({ seed, line, from: 0, startedAt: start / 1000 }) },
  ];
}
