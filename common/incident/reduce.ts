import type { Entry, Rung } from '../ledger/types.ts';
import { entryData, type DataOf, type EntryType } from './entries.ts';
import { openAfterDecision, closeAfterReopen } from './ladder.ts';
import { type RungState, type Seat, type State } from './state.ts';

type Apply<T extends EntryType> = (state: State, data: DataOf<T>, entry: Entry) => State;

/** Folds one entry. Types that are not known change nothing but the size. Never throws on a well-formed entry. */
export function reduce(state: State, entry: Entry): State {
  const counted: State = { ...state, size: entry.head.seq + 1, at: entry.head.at };
  const type = entry.head.type;
  if (!(type in appliers)) return counted;
  const parsed = entryData[type as EntryType].safeParse(entry.body.data);
  if (!parsed.success) return counted;
  return (appliers[type as keyof typeof appliers] as Apply<never>)(counted, parsed.data as never, entry);
}

/** Folds many entries onto a state. */
export function reduceAll(state: State, entries: Iterable<Entry>): State {
  let result = state;
  for (const entry of entries) result = reduce(result, entry);
  return result;
}

const appliers: { [T in EntryType]?: Apply<T> } = {
  'incident.declared': (state, _data, { head }) => ({
    ...state,
    incident: {
      id: head.incident,
      declaredAt: head.at,
      title: '',
      severity: 5,
      drill: false,
      state: 'declared',
    },
    rungs: { ...state.rungs, 1: { ...state.rungs[1], openedAt: head.at } },
  }),
  'incident.described': (state, data) => ({
    ...state,
    incident: state.incident && {
      ...state.incident,
      title: data.title,
      severity: data.severity,
      drill: data.drill,
    },
  }),
  'incident.profiled': (state, { name, sha256 }, { head }) => ({
    ...state,
    profile: { name, sha256, at: head.at },
  }),
  'incident.state': (state, data) => ({
    ...state,
    incident: state.incident && { ...state.incident, state: data.to },
  }),

  'seat.joined': (state, data, { head }) => {
    const seat: Seat = {
      id: data.seat,
      role: data.role,
      vkey: data.vkey,
      local: data.local ?? false,
      host: Object.keys(state.seats).length === 0,
      name: state.seats[data.seat]?.name ?? null,
      present: true,
      joinedAt: head.at,
    };
    return withLead({ ...state, seats: { ...state.seats, [data.seat]: seat } });
  },
  'seat.left': (state, data) => withLead(withSeat(state, data.seat, { present: false })),
  'seat.named': (state, data) => withSeat(state, data.seat, { name: data.name }),
  'role.changed': (state, data) => withLead(withSeat(state, data.seat, { role: data.role })),
  'role.assumed': (state, data) => withLead({ ...state, leadAssumedBy: data.seat }),

  'device.connected': (state, data, { head }) => ({
    ...state,
    devices: {
      ...state.devices,
      [data.device]: {
        device: data.device,
        name: data.name,
        kind: data.kind,
        link: data.link,
        channels: data.channels,
        connected: true,
        since: head.at,
        reason: null,
      },
    },
  }),
  'device.disconnected': (state, data, { head }) => {
    const device = state.devices[data.device];
    if (!device) return state;
    const lost = { ...device, connected: false, since: head.at, reason: data.reason };
    return { ...state, devices: { ...state.devices, [data.device]: lost } };
  },
  'device.calibrated': (state, data, { head }) => ({
    ...state,
    calibrations: {
      ...state.calibrations,
      [data.channel]: { entry: head.id, at: head.at, seat: head.actor.id, data },
    },
  }),
  'capture.derived': (state, data, { head }) => ({
    ...state,
    derived: { ...state.derived, [data.id]: { entry: head.id, at: head.at, seat: head.actor.id, data } },
  }),
  'capture.removed': (state, { id }) => {
    const { [id]: _, ...derived } = state.derived;
    return { ...state, derived };
  },
  'device.channels': (state, { device, channels }) => {
    const known = state.devices[device];
    return known ? { ...state, devices: { ...state.devices, [device]: { ...known, channels } } } : state;
  },

  'capture.started': (state, data, { head }) => ({
    ...state,
    captures: { ...state.captures, [data.capture]: { ...data, startedAt: head.at, closed: false } },
  }),
  'capture.closed': (state, data) => {
    const capture = state.captures[data.capture];
    return capture
      ? { ...state, captures: { ...state.captures, [data.capture]: { ...capture, closed: true } } }
      : state;
  },

  'bundle.exported': (state, _data, { head }) => ({
    ...state,
    openExports: [...state.openExports, head.id],
  }),
  'bundle.written': (state, data) => withoutExport(state, data.export),
  'bundle.failed': (state, data) => withoutExport(state, data.export),

  'check.found': (state, data, { head, body }) =>
    withRung(state, head.rung, (rung) => ({
      ...rung,
      findings: [
        ...rung.findings,
        {
          id: head.id,
          check: data.check,
          result: data.result,
          says: data.says,
          ...(data.rulesOut !== undefined && { rulesOut: data.rulesOut }),
          ...(data.next !== undefined && { next: data.next }),
          ...(data.explainedBy !== undefined && { explainedBy: data.explainedBy }),
          at: head.at,
          actor: head.actor.id,
          early: rung.status === 'locked',
          evidence: body.evidence,
        },
      ],
    })),
  'rung.decided': (state, data, { head }) => {
    if (!head.rung) return state;
    const decided = withRung(state, head.rung, (rung) => ({
      ...rung,
      status: data.decision,
      decision: { entry: head.id, seat: head.actor.id, at: head.at, reason: data.reason, basis: data.basis },
    }));
    const decisions = [...state.decisions, { rung: head.rung, to: data.decision, at: head.at }];
    return { ...decided, rungs: openAfterDecision(decided.rungs, head.rung, head.at), decisions };
  },
  'rung.reopened': (state, _data, { head }) => {
    if (!head.rung) return state;
    const decisions = [...state.decisions, { rung: head.rung, to: 'open' as const, at: head.at }];
    return { ...state, rungs: closeAfterReopen(state.rungs, head.rung, head.at), decisions };
  },

  'session.started': (state, data, { head }) => ({
    ...state,
    sessions: {
      ...state.sessions,
      [data.session]: {
        session: data.session,
        entry: head.id,
        seat: head.actor.id,
        startedAt: head.at,
        ended: null,
        commands: [],
      },
    },
  }),
  'session.ended': (state, data, { head }) => {
    const session = state.sessions[data.session];
    if (!session) return state;
    const ended = { ...session, ended: { at: head.at, exit: data.exit } };
    return { ...state, sessions: { ...state.sessions, [data.session]: ended } };
  },
  'command.started': (state, data, { head }) => {
    const session = state.sessions[data.session];
    const command = {
      id: head.id,
      session: data.session,
      seat: head.actor.id,
      actorKind: head.actor.kind,
      line: data.line,
      cwd: data.cwd,
      quality: data.quality,
      startedAt: head.at,
      ended: null,
    };
    const commands = { ...state.commands, [head.id]: command };
    if (!session) return { ...state, commands };
    const listed = { ...session, commands: [...session.commands, head.id] };
    return { ...state, commands, sessions: { ...state.sessions, [data.session]: listed } };
  },
  'command.ended': (state, data, { head }) => {
    const command = state.commands[data.command];
    if (!command) return state;
    const { exit, ms, from, to, digest } = data;
    const ended = { ...command, ended: { at: head.at, exit, ms, from, to, digest } };
    return { ...state, commands: { ...state.commands, [data.command]: ended } };
  },

  'evidence.kept': (state, data, { head, body }) => {
    const kept = {
      id: head.id,
      label: `E-${state.evidence.length + 1}`,
      at: head.at,
      seat: head.actor.id,
      rung: head.rung ?? null,
      kind: data.kind,
      name: data.name,
      note: data.note ?? null,
      of: data.of ?? null,
      blobs: body.evidence,
    };
    const withKept = { ...state, evidence: [...state.evidence, kept] };
    return withRung(withKept, head.rung, (rung) => ({ ...rung, evidence: [...rung.evidence, head.id] }));
  },
  'gap.lost': (state, data, { head }) => ({
    ...state,
    gaps: [...state.gaps, { id: head.id, at: head.at, data }],
  }),

  'drill.started': (state, data) => ({ ...state, drill: { seed: data.seed, running: true, faults: {} } }),
  'drill.stopped': (state) => ({ ...state, drill: state.drill && { ...state.drill, running: false } }),
  'drill.fault': (state, data) => {
    if (!state.drill) return state;
    const faults = { ...state.drill.faults };
    if (data.on) faults[data.fault] = data.target ?? null;
    else delete faults[data.fault];
    return { ...state, drill: { ...state.drill, faults } };
  },
};

function withSeat(state: State, id: string, change: Partial<Seat>): State {
  const seat = state.seats[id];
  return seat ? { ...state, seats: { ...state.seats, [id]: { ...seat, ...change } } } : state;
}

/** Assumed powers end when a lead is seated, or when the seat that assumed them leaves. */
function withLead(state: State): State {
  const holder = state.leadAssumedBy;
  if (holder === null) return state;
  const leadSeated = Object.values(state.seats).some((seat) => seat.role === 'lead' && seat.present);
  const seat = state.seats[holder];
  const stays = !leadSeated && seat?.role === 'technician' && seat.present;
  return stays ? state : { ...state, leadAssumedBy: null };
}

function withoutExport(state: State, id: string): State {
  return { ...state, openExports: state.openExports.filter((open) => open !== id) };
}

function withRung(state: State, rung: Rung | undefined, change: (rung: RungState) => RungState): State {
  return rung ? { ...state, rungs: { ...state.rungs, [rung]: change(state.rungs[rung]) } } : state;
}
