/**
 * The virtual rig: boards on real serial ports (PTYs; TCP where there are none) and services on 127.0.0.1, from one
 * physical model and one seed. Faults switch on and off while it runs.
 */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { DeviceSpec } from '../../common/contract/devices.ts';
import type { RigMakeup, RigState } from '../../common/contract/drill.ts';
import { createWatchable, type Watchable } from '../../common/lib/watch.ts';
import { printUntil } from './boards/board.ts';
import { faultKinds, listFaults, resolveFault, slowMs, type Aim } from './faults.ts';
import { createHistoryWriter, type BoardHistory, type HistoryWriter } from './history.ts';
import type { HttpService } from './http-service.ts';
import type { BoardPort, BoardPorts } from './ports.ts';
import { createRigBoards, type RigBoard } from './rig-boards.ts';
import { startServices } from './services.ts';
import type { ActiveFault, Severity } from './signal/faults.ts';
import { createLine } from './signal/line.ts';
import { systemFaults, type ActiveSystemFault, type ServiceName } from './system/index.ts';

export interface RigOptions {
  seed: number;
  makeup?: RigMakeup;
  /** How long the line has been running when the rig starts; 0 unless told. What the boards printed is their history. */
  historySeconds?: number;
  /** Where the links to the ports lie: cell-a, cell-b, beam, and jetson where there is one. */
  folder: string;
  ports: BoardPorts;
  /** Services take free ports instead of 8642 and 8643. */
  ephemeral: boolean;
  log(message: string, error?: unknown): void;
}

/** What a fault is to be aimed at; what is not told is the usual. */
export interface WantedAim {
  target?: string | undefined;
  severity?: Severity | undefined;
}

export interface Rig {
  readonly seed: number;
  readonly state: Watchable<RigState>;
  /** How the room reaches the rig's devices. */
  readonly devices: DeviceSpec[];
  readonly services: { name: string; url: string }[];
  /** Seconds since it was started. */
  elapsed(): number;
  /** What a device printed until now, to be taken once, when its port is open; null where there is none or too late. */
  takeHistory(device: string): BoardHistory | null;
  /** Its history is read: the device goes on from where that ends. It does so by itself after a while. */
  goOn(device: string): void;
  /**
   * Switches a fault, beside others; one that is on is aimed anew. Answers what it was aimed at. Throws `not-found` or
   * `bad-input`.
   */
  setFault(name: string, on: boolean, wanted?: WantedAim): Promise<Aim>;
  close(): Promise<void>;
}

interface RunningBoard extends RigBoard {
  port: BoardPort;
}

/** A board that waits. `writer`: until its history is taken. */
interface Held {
  writer: HistoryWriter | null;
  until: number;
}

const tickMs = 10;
/** Seconds that a board with a history waits for a reader of its port. */
const longestHeld = 30;
/** Seconds of a history that are printed at a time: others of this process wait no longer. */
const historySlice = 20;

/** Starts the rig. Nothing is left running when it throws. */
export async function startRig(options: RigOptions): Promise<Rig> {
  const { seed, makeup = {}, historySeconds = 0, folder } = options;
  const line = createLine(seed, -historySeconds);
  const startedAt = Date.now();
  const started = performance.now();
  const elapsed = () => (performance.now() - started) / 1000;
  const systemStruck: ActiveSystemFault[] = [];
  const services = await startServices({ line, elapsed, startedAt, faults: systemStruck }, options.ephemeral);
  const running = new Map<string, RunningBoard>();
  let held: Map<string, Held>;
  try {
    for (const board of createRigBoards({ seed, line, makeup, startedAt })) {
      const { id } = board.spec;
      running.set(id, { ...board, port: await options.ports.open(id, join(folder, id), options.log) });
    }
    held = await printHistory(running, historySeconds, elapsed);
  } catch (error) {
    await closeAll(running, services);
    throw error;
  }
  const kinds = faultKinds([...running.keys()]);
  const active = new Map<string, Aim>();

  // A board goes on printing while it is unplugged; what it prints then reaches nobody.
  const timer = setInterval(() => {
    const now = elapsed();
    for (const [id, { board, port }] of running) {
      // What is sent before anybody has opened the port is lost: the present waits for who takes the past.
      if (now < (held.get(id)?.until ?? 0)) continue;
      const bytes = printUntil(board, now);
      if (bytes.length > 0) port.write(bytes);
    }
  }, tickMs);

  const state = createWatchable(stateNow());
  function stateNow(): RigState {
    return {
      running: true,
      seed,
      faults: listFaults(kinds, active),
      services: services.map(({ name, url }) => ({ name, url })),
      devices: [...running.keys()].map((id) => ({ id, path: join(folder, id) })),
    };
  }

  async function apply(name: string, on: boolean, { target, severity }: Aim): Promise<void> {
    const service = services.find((candidate) => candidate.name === target);
    if (name === 'unplug') await (on ? running.get(target)!.port.unplug() : running.get(target)!.port.plug());
    else if (name === 'service-down') await service!.setDown(on);
    else if (name === 'service-slow') service!.setSlow(on ? slowMs[severity!] : 0);
    else if (systemFaults.some((fault) => fault.name === name))
      turnSystem(systemStruck, name, on ? (target as ServiceName) : null, elapsed());
    else turn(running.get(target)!.faults, name, on ? severity : null, elapsed());
  }

  async function setFault(name: string, on: boolean, wanted: WantedAim): Promise<Aim> {
    const before = active.get(name);
    const target = wanted.target ?? (on ? undefined : before?.target);
    const aim = resolveFault(kinds, name, { ...wanted, target });
    const isSame = on && before?.target === aim.target && before.severity === aim.severity;
    if (before && !isSame) {
      await apply(name, false, before);
      active.delete(name);
    }
    if (on && !isSame) {
      await apply(name, true, aim);
      active.set(name, aim);
    }
    state.set(stateNow());
    return aim;
  }
  /** Ports and services are switched one after another. */
  let switched: Promise<unknown> = Promise.resolve();

  return {
    seed,
    state,
    devices: [...running.values()].map(({ spec, port }) => ({ ...spec, link: port.link })),
    services: services.map(({ name, url }) => ({ name, url })),
    elapsed,
    takeHistory(device) {
      const past = held.get(device);
      if (!past?.writer || elapsed() >= past.until) return null;
      const { writer } = past;
      past.writer = null;
      writer.writeUntil(elapsed());
      return writer.take();
    },
    goOn: (device) => void held.delete(device),
    setFault: (name, on, wanted = {}) => {
      const turned = switched.then(() => setFault(name, on, wanted));
      switched = turned.catch(() => undefined);
      return turned;
    },
    close: async () => {
      clearInterval(timer);
      await switched;
      await closeAll(running, services);
      state.set({ ...stateNow(), running: false, faults: listFaults(kinds, new Map()) });
    },
  };
}

/** Prints what was before, nearly up to the moment at which it answers, which is some time after the start. */
async function printHistory(
  running: ReadonlyMap<string, RunningBoard>,
  seconds: number,
  elapsed: () => number,
): Promise<Map<string, Held>> {
  if (seconds === 0) return new Map();
  const writers = [...running].map(([id, { board }]) => {
    return [id, createHistoryWriter(board, tickMs / 1000)] as const;
  });
  for (let until = -seconds; elapsed() - until > tickMs / 1000;) {
    const isLast = elapsed() - until <= historySlice;
    until = isLast ? elapsed() : until + historySlice;
    for (const [, writer] of writers) writer.writeUntil(until);
    if (!isLast) await setImmediate();
  }
  const until = elapsed() + longestHeld;
  return new Map(writers.map(([id, writer]) => [id, { writer, until }]));
}

/** Ends a sensor's fault of that name at `now`, and begins it anew where it is to be on. */
function turn(faults: ActiveFault[], name: string, severity: Severity | null, now: number): void {
  for (const fault of faults) if (fault.name === name) fault.end = Math.min(fault.end, now);
  if (severity) faults.push({ name, severity, onset: now, end: Infinity });
}

/** The same for a fault of what stands behind the sensors. */
function turnSystem(
  struck: ActiveSystemFault[],
  name: string,
  target: ServiceName | null,
  now: number,
): void {
  for (const each of struck) if (each.fault.name === name) each.end = Math.min(each.end, now);
  const fault = systemFaults.find((each) => each.name === name)!;
  if (target) struck.push({ fault, target, onset: now, end: Infinity });
}

async function closeAll(
  running: ReadonlyMap<string, { port: BoardPort }>,
  services: HttpService[],
): Promise<void> {
  await Promise.all([
    ...[...running.values()].map(({ port }) => port.close()),
    ...services.map((service) => service.close()),
  ]);
}

/** What the room shows while no rig runs. */
export const noRig: RigState = {
  running: false,
  seed: 0,
  faults: listFaults(faultKinds(['cell-a', 'cell-b', 'beam']), new Map()),
  services: [],
  devices: [],
};
