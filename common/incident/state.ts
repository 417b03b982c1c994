import type { Entry, EvidenceRef, Rung } from '../ledger/types.ts';
import type { ChannelInfo, DataOf } from './entries.ts';
import type { Role } from './roles.ts';

/** The state of an incident: a pure fold of its entries. Never edited; `reduce` shares what did not change. */
export interface State {
  /** Entries folded. */
  size: number;
  /** Time of the last entry, RFC 3339. */
  at: string | null;
  incident: IncidentFacts | null;
  seats: Record<string, Seat>;
  /** The technician's seat that holds the lead's powers, while no lead is seated. */
  leadAssumedBy: string | null;
  rungs: Record<Rung, RungState>;
  evidence: KeptEvidence[];
  sessions: Record<string, SessionState>;
  commands: Record<string, CommandState>;
  devices: Record<string, DeviceState>;
  /** The last calibration of a channel, by channel. */
  calibrations: Record<string, Calibration>;
  /** Channels that the host computes, by id. */
  derived: Record<string, DerivedChannel>;
  captures: Record<string, CaptureState>;
  /** What describes the system under watch; its text is in the locker. */
  profile: { name: string; sha256: string; at: string } | null;
  /** Ids of the `bundle.exported` entries whose outcome is not written down. */
  openExports: string[];
  gaps: Gap[];
  drill: DrillState | null;
  /** Where each kind of span of the strip starts. */
  decisions: DecisionMark[];
}

export interface IncidentFacts {
  id: string;
  declaredAt: string;
  title: string;
  severity: number;
  drill: boolean;
  state: DataOf<'incident.state'>['to'];
}

export interface Seat {
  id: string;
  role: Role;
  vkey: string;
  /** Its key is the host's to keep: it never counts as a second person. */
  local: boolean;
  /** The host's own seat, that of entry 1. */
  host: boolean;
  name: string | null;
  present: boolean;
  joinedAt: string;
}

export type RungStatus = 'locked' | 'open' | 'eliminated' | 'implicated' | 'inconclusive';

export interface RungState {
  rung: Rung;
  status: RungStatus;
  openedAt: string | null;
  findings: Finding[];
  /** Ids of `evidence.kept` entries of this rung. */
  evidence: string[];
  decision: { entry: string; seat: string; at: string; reason: string; basis: string[] } | null;
}

export interface Finding {
  id: string;
  check: string;
  result: DataOf<'check.found'>['result'];
  says: string;
  rulesOut?: string;
  /** What to do or look at next. */
  next?: string;
  /** Another check whose finding explains why this one can't be told. */
  explainedBy?: string;
  at: string;
  actor: string;
  /** Found while its rung was still locked. */
  early: boolean;
  evidence: EvidenceRef[];
}

export interface KeptEvidence {
  id: string;
  /** E-1, E-2, … in the order kept. */
  label: string;
  at: string;
  seat: string;
  rung: Rung | null;
  kind: DataOf<'evidence.kept'>['kind'];
  name: string;
  note: string | null;
  of: DataOf<'evidence.kept'>['of'] | null;
  blobs: EvidenceRef[];
}

export interface SessionState {
  session: string;
  entry: string;
  seat: string;
  startedAt: string;
  ended: { at: string; exit: number | null } | null;
  commands: string[];
}

export interface CommandState {
  id: string;
  session: string;
  seat: string;
  actorKind: Entry['head']['actor']['kind'];
  line: string;
  cwd: string;
  quality: DataOf<'command.started'>['quality'];
  startedAt: string;
  ended: { at: string; exit: number | null; ms: number; from: number; to: number; digest: string } | null;
}

export interface DeviceState {
  device: string;
  name: string;
  kind: string;
  link: string;
  channels: ChannelInfo[];
  connected: boolean;
  since: string;
  reason: string | null;
}

export interface Calibration {
  entry: string;
  at: string;
  seat: string;
  data: DataOf<'device.calibrated'>;
}

export interface DerivedChannel {
  entry: string;
  at: string;
  seat: string;
  data: DataOf<'capture.derived'>;
}

export interface CaptureState {
  capture: string;
  file: string;
  channels: ChannelInfo[];
  startedAt: string;
  closed: boolean;
}

export interface Gap {
  id: string;
  at: string;
  data: DataOf<'gap.lost'>;
}

export interface DrillState {
  seed: number;
  running: boolean;
  /** Faults switched on: name → target. */
  faults: Record<string, string | null>;
}

/** A decision or re-opening, for the strip. */
export interface DecisionMark {
  rung: Rung;
  to: RungStatus;
  at: string;
}

const openRung = (rung: Rung, status: RungStatus): RungState => ({
  rung,
  status,
  openedAt: null,
  findings: [],
  evidence: [],
  decision: null,
});

/** The state before entry 0. */
export const emptyState: State = {
  size: 0,
  at: null,
  incident: null,
  seats: {},
  leadAssumedBy: null,
  rungs: {
    1: openRung(1, 'open'),
    2: openRung(2, 'locked'),
    3: openRung(3, 'locked'),
    4: openRung(4, 'locked'),
    5: openRung(5, 'locked'),
  },
  evidence: [],
  sessions: {},
  commands: {},
  devices: {},
  calibrations: {},
  derived: {},
  captures: {},
  profile: null,
  openExports: [],
  gaps: [],
  drill: null,
  decisions: [],
};

export const rungNames: Record<Rung, string> = {
  1: 'Claim',
  2: 'Context drift',
  3: 'Tool failure',
  4: 'Schema mismatch',
  5: 'Model regression',
};

export const allRungs: readonly Rung[] = [1, 2, 3, 4, 5];

/** Whether the seat holds the lead's powers: it is lead, or assumed them and no lead is seated. */
export function holdsLead(state: State, seat: string): boolean {
  return state.seats[seat]?.role === 'lead' || state.leadAssumedBy === seat;
}
