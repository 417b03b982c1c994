/** The boards of a rig, each with what it is connected by and the faults that its sensor can be given. */
import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { RigMakeup } from '../../common/contract/drill.ts';
import { optionsOf } from '../../common/wire/index.ts';
import { createBeamBoard } from './boards/beam-board.ts';
import type { Board } from './boards/board.ts';
import { createCellBoard } from './boards/cell-board.ts';
import { createJetsonBoard } from './boards/jetson-board.ts';
import { createBeamSignal, type BeamFault } from './signal/beam-signal.ts';
import { createCellSignal, type CellFault } from './signal/cell-signal.ts';
import type { ActiveFault } from './signal/faults.ts';
import type { Line } from './signal/line.ts';

export interface RigBoard {
  /** How a room is to read it, but for where it hangs. */
  spec: Omit<DeviceSpec, 'link'>;
  board: Board;
  /** Of its sensor: added to and ended while it runs. */
  faults: ActiveFault[];
}

export interface RigBoardsOptions {
  seed: number;
  line: Line;
  makeup: RigMakeup;
  /** Wall time of the rig's start, milliseconds since 1970. */
  startedAt: number;
}

/** They run since the line runs. */
export function createRigBoards({ seed, line, makeup, startedAt }: RigBoardsOptions): RigBoard[] {
  const { cellDialect = 'hx711-csv', beamDialect = 'beam-events', rate, decimal } = makeup;
  const { from } = line;

  function cellBoard(cell: 'a' | 'b'): RigBoard {
    const faults: CellFault[] = [];
    const signal = createCellSignal({ seed, line, cell, rate, from, faults });
    const hasComma = decimal === ',' && optionsOf(cellDialect).includes('decimal');
    return {
      spec: {
        id: `cell-${cell}`,
        name: `Load cell ${cell.toUpperCase()}`,
        dialect: cellDialect,
        ...(hasComma && { options: { decimal } }),
      },
      board: createCellBoard(signal, { dialect: cellDialect, decimal, from }),
      faults,
    };
  }

  function beamBoard(): RigBoard {
    const faults: BeamFault[] = [];
    const board = createBeamBoard(createBeamSignal({ seed, line, faults }), { dialect: beamDialect, from });
    return { spec: { id: 'beam', name: 'IR beam', dialect: beamDialect }, board, faults };
  }

  const boards = [cellBoard('a'), cellBoard('b'), beamBoard()];
  if (makeup.jetson)
    boards.push({
      spec: { id: 'jetson', name: 'Jetson', dialect: 'tegrastats' },
      board: createJetsonBoard({ seed, line, from, startedAt }),
      faults: [],
    });
  return boards;
}
