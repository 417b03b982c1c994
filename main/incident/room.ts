import type { contract } from '../../common/contract/index.ts';
import type { RoomState } from '../../common/contract/room.ts';
import type { State } from '../../common/incident/state.ts';
import { emptyState } from '../../common/incident/state.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import type { IncidentSummary } from '../ledger/index.ts';
import type { Ledger } from '../ledger/types.ts';
import type { Call, Handlers } from '../platform/call.ts';

/** What one open incident runs beside its ledger: locker, capture, terminal. Given by the composition root. */
export interface Parts {
  close(): Promise<void>;
}

/** The incidents of this host on disk. */
export interface Incidents {
  list(): Promise<IncidentSummary[]> | IncidentSummary[];
  declare(input: { title: string; severity: number; drill: boolean }): Promise<Ledger>;
  open(id: string): Promise<Ledger>;
}
export interface RoomDeps<P extends Parts> {
  incidents: Incidents;
  /** Starts what an incident needs. When it throws, the ledger is closed again. */
  startParts(ledger: Ledger): Promise<P>;
  /** Ends work that takes its time on an incident that is about to be left; it may still write how it ended. */
  endWork(): Promise<void>;
  /** Called after an incident is open, and after it was left. */
  onChange(): void;
}

/** Which incident is open: at most one. Opening another leaves the first. */
export function createRoom<P extends Parts>(deps: RoomDeps<P>) {
  let open: { ledger: Ledger; parts: P } | null = null;
  // Opening and leaving happen one after another, whoever asks.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  };

  const leave = async () => {
    if (!open) return;
    await deps.endWork();
    const leaving = open;
    open = null;
    try {
      await leaving.parts.close();
    } finally {
      await leaving.ledger.close();
      deps.onChange();
    }
  };
  const enter = async (ledger: Ledger) => {
    try {
      open = { ledger, parts: await deps.startParts(ledger) };
    } catch (error) {
      await ledger.close();
      throw error;
    }
    deps.onChange();
    return ledger;
  };

  const opened = () => {
    if (!open)
      throw new WarroomError('not-found', 'No incident is open.', 'Declare one, open one, or start a drill.');
    return open;
  };

  return {
    current: () => open,
    ledger: (): Ledger => opened().ledger,
    parts: (): P => opened().parts,
    state: (): State => open?.ledger.state ?? emptyState,
    declare: (input: { title: string; severity: number; drill: boolean }) =>
      inTurn(async () => {
        await leave();
        return enter(await deps.incidents.declare(input));
      }),
    open: (id: string) =>
      inTurn(async () => {
        if (open?.ledger.incident === id) return open.ledger;
        await leave();
        return enter(await deps.incidents.open(id));
      }),
    leave: () => inTurn(leave),
  };
}
export type Room<P extends Parts> = ReturnType<typeof createRoom<P>>;

export interface RoomApiDeps<P extends Parts> {
  room: Room<P>;
  incidents: Incidents;
  stateFor(seat: string): RoomState;
  /** The room's state for this seat, whenever something of it changes. */
  watch(seat: string, signal: AbortSignal | undefined): AsyncIterable<RoomState>;
  /** Stops the rig of a drill that is left. */
  beforeLeave(): Promise<void>;
}

export function createRoomApi<P extends Parts>(deps: RoomApiDeps<P>): Handlers<typeof contract.room> {
  const { room, incidents } = deps;
  return {
    get: (_input, call: Call) => deps.stateFor(call.seat.id),
    watch: (_input, call: Call) => deps.watch(call.seat.id, call.signal),
    incidents: () => incidents.list(),
    declare: async ({ title, severity }) => {
      await deps.beforeLeave();
      return { incident: (await room.declare({ title, severity, drill: false })).incident };
    },
    open: async ({ incident }) => {
      await deps.beforeLeave();
      return { incident: (await room.open(incident)).incident };
    },
    leave: async () => {
      await deps.beforeLeave();
      await room.leave();
      return {};
    },
  };
}
