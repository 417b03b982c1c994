/**
 * The virtual rig: boards on real serial ports (PTYs; TCP where there are none) and services on 127.0.0.1, from one
 * physical model and one seed. Faults switch on and off while it runs.
 */
import { join } from 'node:path';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { RigState } from '../../common/contract/drill.ts';
import { createWatchable, type Watchable } from '../../common/lib/watch.ts';
import { createBeamBoard } from './boards/beam-board.ts';
import { printUntil, type Board } from './boards/board.ts';
import { createCellBoard } from './boards/cell-board.ts';
import { listFaults, resolveFault } from './faults.ts';
import type { HttpService } from './http-service.ts';
import { createBeamSignal } from './signal/beam-signal.ts';
import { createCellSignal, type CellFault } from './signal/cell-signal.ts';
import { createLine } from './signal/line.ts';
import { startServices } from './services.ts';
import type { BoardPort, BoardPorts } from './ports.ts';

export interface RigOptions {
  seed: number;
  /** Where the links to the ports lie: cell-a, cell-b, beam. */
  folder: string;
  ports: BoardPorts;
  /** Services take free ports instead of 8642 and 8643. */
  ephemeral: boolean;
  log(message: string, error?: unknown): void;
}

export interface Rig {
  readonly seed: number;
  readonly state: Watchable<RigState>;
  /** How the room reaches the rig's devices. */
  readonly devices: DeviceSpec[];
  readonly services: { name: string; url: string }[];
  /** Switches a fault; answers what it was aimed at. Throws `not-found` or `bad-input`. */
  setFault(name: string, on: boolean, target?: string): Promise<string>;
  close(): Promise<void>;
}

const tickMs = 10;
const boards = [
  { id: 'cell-a', name: 'Load cell A', dialect: 'hx711-csv' },
  { id: 'cell-b', name: 'Load cell B', dialect: 'hx711-csv' },
  { id: 'beam', name: 'IR beam', dialect: 'beam-events' },
] as const;

/** Starts the rig. Nothing is left running when it throws. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { seed, ports } = options;
  const line = createLine(seed);
  const active = new Map<string, string>();
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const services = await startServices({ line, elapsed, startedAt: Date.now() }, options.ephemeral);
  const cellFaults: Record<string, CellFault[]> = { 'cell-a': [], 'cell-b': [] };
  const running: Record<string, { board: Board; port: BoardPort }> = {};
  try {
    for (const { id } of boards)
      running[id] = { board: boardOf(id), port: await ports.open(id, join(options.folder, id), options.log) };
  } catch (error) {
    await closeAll(running, services);
    throw error;
  }

  function boardOf(id: string): Board {
    if (id === 'beam')
      return createBeamBoard(createBeamSignal({ seed, line }), { dialect: 'beam-events', from: 0 });
    const cell = id === 'cell-a' ? 'a' : 'b';
    const signal = createCellSignal({ seed, line, cell, faults: cellFaults[id] });
    return createCellBoard(signal, { dialect: 'hx711-csv', from: 0 });
  }

  // A board goes on printing while it is unplugged; what it prints then reaches nobody.
  const timer = setInterval(() => {
    const now = elapsed();
    for (const { board, port } of Object.values(running)) {
      const bytes = printUntil(board, now);
      if (bytes.length > 0) port.write(bytes);
    }
  }, tickMs);

  const state = createWatchable(stateNow());
  function stateNow(): RigState {
    return {
      running: true,
      seed,
      faults: listFaults(active),
      services: services.map(({ name, url }) => ({ name, url })),
      devices: boards.map(({ id }) => ({ id, path: join(options.folder, id) })),
    };
  }

  function turnCellFault(faults: CellFault[], on: boolean): void {
    for (const fault of faults) fault.end = Math.min(fault.end, elapsed());
    if (on) faults.push({ name: 'saturated', severity: 'severe', onset: elapsed(), end: Infinity });
  }

  async function apply(name: string, on: boolean, target: string): Promise<void> {
    if (name === 'unplug') await (on ? running[target]!.port.unplug() : running[target]!.port.plug());
    if (name === 'saturated') turnCellFault(cellFaults[target]!, on);
    const service = services.find((candidate) => candidate.name === target);
    if (name === 'service-slow') service?.setSlow(on);
    if (name === 'service-down') await service?.setDown(on);
  }

  return {
    seed,
    state,
    devices: boards.map(({ id, name, dialect }) => ({ id, name, dialect, link: running[id]!.port.link })),
    services: services.map(({ name, url }) => ({ name, url })),
    setFault: async (name, on, wanted) => {
      const { target } = resolveFault(name, wanted ?? (on ? undefined : active.get(name)));
      const before = active.get(name);
      if (before !== undefined && (before !== target || !on)) {
        await apply(name, false, before);
        active.delete(name);
      }
      if (on && before !== target) {
        await apply(name, true, target);
        active.set(name, target);
      }
      state.set(stateNow());
      return target;
    },
    close: async () => {
      clearInterval(timer);
      await closeAll(running, services);
      state.set({ ...stateNow(), running: false, faults: listFaults(new Map()) });
    },
  };
}

async function closeAll(
  running: Record<string, { port: BoardPort }>,
  services: HttpService[],
): Promise<void> {
  await Promise.all([
    ...Object.values(running).map(({ port }) => port.close()),
    ...services.map((service) => service.close()),
  ]);
}

/** What the room shows while no rig runs. */
export const noRig: RigState = {
  running: false,
  seed: 0,
  faults: listFaults(new Map()),
  services: [],
  devices: [],
};
