/**
 * The guards: what may be appended, given the fold so far. They are asked where entries are appended, so no seat,
 * call or agent gets round them (ARCHITECTURE, The ladder's rules).
 */
import type { Actor, Rung } from '../ledger/types.ts';
import { WarroomError } from '../lib/errors.ts';
import type { DataOf, EntryType } from './entries.ts';
import { mayDo, whyNot, type Action } from './roles.ts';
import { allRungs, holdsLead, rungNames, type State } from './state.ts';

/** What a guard sees of an entry that is to be appended. */
export interface Proposed<T extends EntryType = EntryType> {
  type: T;
  data: DataOf<T>;
  actor: Actor;
  rung?: Rung | undefined;
}

/** Throws `refused` when the rules forbid the entry. */
export function guard(state: State, proposed: Proposed): void {
  guardOrder(state, proposed);
  guardRole(state, proposed);
  const rule = rules[proposed.type] as ((state: State, proposed: Proposed) => void) | undefined;
  rule?.(state, proposed);
}

/** Which action a person's entry needs. Types that only the host writes are not here: people can't append them. */
const actionOf: Partial<Record<EntryType, Action>> = {
  'incident.described': 'incident.describe',
  'incident.state': 'incident.state',
  'rung.decided': 'rung.decide',
  'rung.reopened': 'rung.reopen',
  'check.found': 'finding.add',
  'check.started': 'check.run',
  'incident.profiled': 'profile.use',
  'evidence.kept': 'evidence.keep',
  'note.written': 'note.write',
  'device.calibrated': 'device.calibrate',
  'capture.derived': 'channel.derive',
  'capture.removed': 'channel.derive',
  'session.started': 'session.open',
  'drill.started': 'drill.control',
  'drill.fault': 'drill.control',
  'drill.stopped': 'drill.control',
  'seat.named': 'seat.name',
  'role.assumed': 'role.assume',
  'bundle.exported': 'bundle.export',
  'postmortem.drafted': 'postmortem.draft',
};

/** Written by the host about what happened, whoever caused it. */
const hostFacts: ReadonlySet<EntryType> = new Set<EntryType>([
  'incident.declared',
  'seat.joined',
  'seat.left',
  'role.changed',
  'host.started',
  'host.stopped',
  'clock.step',
  'device.connected',
  'device.disconnected',
  'capture.started',
  'capture.closed',
  'capture.exported',
  'capture.recovered',
  'capture.triggered',
  'check.cleared',
  'check.ended',
  'session.exported',
  'session.ended',
  'command.started',
  'command.ended',
  'gap.lost',
  'bundle.written',
  'bundle.failed',
]);

const firstEntries: readonly EntryType[] = ['incident.declared', 'seat.joined'];

function guardOrder(state: State, { type }: Proposed): void {
  const expected = firstEntries[state.size];
  if (expected && type !== expected) refuse(`Entry ${state.size} of a ledger is ${expected}, not ${type}.`);
  if (type === 'incident.declared' && state.size > 0) refuse('An incident is declared once.');
}

/** Leaving a rung inconclusive is the lead's own to do: it opens the next one unproved. */
function neededAction({ type, data }: Proposed): Action | undefined {
  const isInconclusive = type === 'rung.decided' && 'decision' in data && data.decision === 'inconclusive';
  return isInconclusive ? 'rung.inconclusive' : actionOf[type];
}

function guardRole(state: State, proposed: Proposed): void {
  const { type, actor } = proposed;
  if (hostFacts.has(type)) return;
  if (actor.kind === 'system' || actor.kind === 'sensor') {
    if (type === 'rung.decided' || type === 'rung.reopened') refuse('Only a person decides a rung.');
    return;
  }
  const seat = state.seats[actor.id];
  if (!seat) return refuse('No such seat in this room.', 'Join the room first.');
  if (!seat.present) return refuse('This seat has left the room.', 'Join again.');
  const action = neededAction(proposed);
  if (!action) return refuse(`${type} is not a person's to write.`);
  if (!mayDo(seat.role, action, holdsLead(state, seat.id))) refuse(whyNot(seat.role, action));
}

const rules: { [T in EntryType]?: (state: State, proposed: Proposed<T>) => void } = {
  'rung.decided': (state, { data, rung }) => {
    if (!rung) return refuse('A decision names its rung.');
    const current = state.rungs[rung];
    if (current.status === 'locked')
      return refuse(skipText(state, rung), 'Decide the rungs before it first, lowest first.');
    if (current.status !== 'open')
      return refuse(
        `Rung ${rung} is decided already (${current.status}).`,
        'Re-open it with a reason to decide again.',
      );
    if (rung === 5) guardLastRung(state);
    guardBasis(state, rung, data.basis);
  },
  'rung.reopened': (state, { rung }) => {
    if (!rung) return refuse('Re-opening names its rung.');
    const status = state.rungs[rung].status;
    if (status === 'open' || status === 'locked')
      refuse(`Rung ${rung} is ${status}; only a decided rung can be re-opened.`);
  },
  'role.assumed': (state, { data, actor }) => {
    if (data.seat !== actor.id) return refuse("A seat can take the lead's powers only for itself.");
    const lead = Object.values(state.seats).find((seat) => seat.role === 'lead' && seat.present);
    if (lead) return refuse('A lead is seated.', 'Ask the lead.');
    if (state.leadAssumedBy === actor.id) refuse("This seat holds the lead's powers already.");
  },
  'seat.named': (_state, { data, actor }) => {
    if (data.seat !== actor.id) refuse('A seat names only itself.');
  },
  'seat.joined': (state, { data }) => {
    if (state.seats[data.seat]?.present) refuse('This seat has joined already.');
  },
  'capture.removed': (state, { data }) => {
    if (!state.derived[data.id]) refuse(`There is no math channel ${data.id}.`);
  },
  'incident.state': (state, { data }) => {
    if (state.incident?.state === data.to) refuse(`The incident is ${data.to} already.`);
  },
};

function guardLastRung(state: State): void {
  const left = allRungs.filter(
    (n) => n < 5 && !['eliminated', 'inconclusive'].includes(state.rungs[n].status),
  );
  if (left.length > 0)
    refuse(
      `Rung 5 is decided only when 1 to 4 are eliminated, or inconclusive by the lead; rung ${left.join(', ')} is not.`,
      'Act on the implicated rung, or re-open it with a reason.',
    );
}

function guardBasis(state: State, rung: Rung, basis: string[]): void {
  const known = new Set([
    ...state.rungs[rung].findings.map((finding) => finding.id),
    ...state.rungs[rung].evidence,
  ]);
  const foreign = basis.filter((id) => !known.has(id));
  if (basis.length === 0 || foreign.length > 0)
    refuse(
      `A decision on rung ${rung} needs at least one finding or piece of evidence of that rung.`,
      'Keep something on this rung, or write down a finding, and name it.',
      { foreign },
    );
}

function skipText(state: State, rung: Rung): string {
  const open = allRungs.find((n) => state.rungs[n].status === 'open') ?? 1;
  return `Rung ${rung} (${rungNames[rung]}) is locked: rung ${open} (${rungNames[open]}) is not decided. No rung is skipped.`;
}

function refuse(message: string, hint = '', data: Record<string, unknown> = {}): void {
  throw new WarroomError('refused', message, hint, data);
}
