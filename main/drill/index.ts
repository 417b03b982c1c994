import { join } from 'node:path';
import type { contract } from '../../common/contract/index.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createWatchable, type Watchable } from '../../common/lib/watch.ts';
import type { RigMakeup, RigState } from '../../common/contract/drill.ts';
import type { AppendFor } from '../ladder/index.ts';
import type { Call, Handlers } from '../platform/call.ts';
import { noRig, startRig, type Rig } from './rig.ts';
import type { BoardPorts } from './ports.ts';

export type { Aim } from './faults.ts';
export type { BoardHistory } from './history.ts';
export { startRig, type Rig, type RigOptions } from './rig.ts';
export { rigProfile } from './rig-profile.ts';
export { serviceSpecs } from './service-specs.ts';
export { createTcpPorts } from './tcp-ports.ts';
export { createPtyPorts } from './pty-ports.ts';
export type { BoardPorts } from './ports.ts';

export interface DrillDeps {
  ports(): BoardPorts;
  folder: string;
  ephemeral: boolean;
  log(message: string, error?: unknown): void;
}

/** The rig of this room: at most one runs. */
export interface Drill {
  readonly state: Watchable<RigState>;
  rig(): Rig | null;
  /** `historySeconds`: how long its line has been running by then. */
  start(seed: number, makeup: RigMakeup, historySeconds: number): Promise<Rig>;
  stop(): Promise<void>;
}

export function createDrill(deps: DrillDeps): Drill {
  const state = createWatchable<RigState>(noRig);
  let rig: Rig | null = null;
  let ports: BoardPorts | null = null;

  const stop = async () => {
    const ending = rig;
    rig = null;
    await ending?.close();
    ports?.close();
    ports = null;
    state.set(noRig);
  };
  return {
    state,
    rig: () => rig,
    async start(seed, makeup, historySeconds) {
      await stop();
      ports = deps.ports();
      const started = await startRig({
        seed,
        makeup,
        historySeconds,
        folder: join(deps.folder, 'rig'),
        ports,
        ephemeral: deps.ephemeral,
        log: deps.log,
      });
      rig = started;
      void follow(started, state, () => rig === started);
      return started;
    },
    stop,
  };
}

/** Passes the rig's state on while it is the one that runs. */
async function follow(rig: Rig, state: Watchable<RigState>, isCurrent: () => boolean): Promise<void> {
  for await (const next of rig.state.watch()) {
    if (!isCurrent()) return;
    state.set(next);
  }
}

export interface DrillApiDeps {
  drill: Drill;
  appendFor: AppendFor;
  /** Declares a drill incident, starts the rig in it and connects its devices; answers the incident's id. */
  begin(seed: number | undefined, makeup: RigMakeup, call: Call): Promise<string>;
}

export function createDrillApi({ drill, appendFor, begin }: DrillApiDeps): Handlers<typeof contract.drill> {
  const running = (): Rig => {
    const rig = drill.rig();
    if (!rig) throw new WarroomError('not-found', 'No rig is running.', 'Start a drill first.');
    return rig;
  };
  return {
    start: async ({ seed, ...makeup }, call) => ({ incident: await begin(seed, makeup, call) }),
    fault: async ({ fault, on, ...wanted }, call) => {
      const { target, severity } = await running().setFault(fault, on, wanted);
      const data = { fault, on, target, ...(on && severity && { severity }) };
      await appendFor(call, { type: 'drill.fault', data });
      return { target, severity };
    },
    stop: async (_input, call) => {
      running();
      await drill.stop();
      await appendFor(call, { type: 'drill.stopped', data: { reason: 'Stopped in the room.' } });
      return {};
    },
    watch: (_input, call) => drill.state.watch(call.signal),
  };
}
