/** Roles × actions: the one table that every contract method and every guard asks. */

export const roles = ['lead', 'technician', 'observer', 'agent'] as const;
export type Role = (typeof roles)[number];

export const actions = [
  'read',
  'incident.declare',
  'incident.describe',
  'incident.state',
  'rung.decide',
  'rung.inconclusive',
  'rung.reopen',
  'finding.add',
  'check.run',
  'profile.use',
  'evidence.keep',
  'note.write',
  'device.connect',
  'device.calibrate',
  'channel.derive',
  'scope.trigger',
  'session.open',
  'drill.control',
  'bundle.export',
  'postmortem.draft',
  'seat.invite',
  'seat.name',
  'role.assume',
] as const;
export type Action = (typeof actions)[number];

/** `held` is for a technician who holds the lead's powers by `role.assumed` while no lead is seated. */
type Permission = 'yes' | 'no' | 'held';

const table: Record<Action, Record<Role, Permission>> = {
  read: { lead: 'yes', technician: 'yes', observer: 'yes', agent: 'yes' },
  'incident.declare': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'incident.describe': { lead: 'yes', technician: 'held', observer: 'no', agent: 'no' },
  'incident.state': { lead: 'yes', technician: 'held', observer: 'no', agent: 'no' },
  'rung.decide': { lead: 'yes', technician: 'held', observer: 'no', agent: 'no' },
  'rung.inconclusive': { lead: 'yes', technician: 'held', observer: 'no', agent: 'no' },
  'rung.reopen': { lead: 'yes', technician: 'held', observer: 'no', agent: 'no' },
  'finding.add': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'check.run': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'profile.use': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'evidence.keep': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'note.write': { lead: 'yes', technician: 'yes', observer: 'yes', agent: 'no' },
  'device.connect': { lead: 'no', technician: 'yes', observer: 'no', agent: 'no' },
  'device.calibrate': { lead: 'no', technician: 'yes', observer: 'no', agent: 'no' },
  'channel.derive': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'scope.trigger': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'session.open': { lead: 'no', technician: 'yes', observer: 'no', agent: 'no' },
  'drill.control': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'bundle.export': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'postmortem.draft': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'seat.invite': { lead: 'yes', technician: 'yes', observer: 'no', agent: 'no' },
  'seat.name': { lead: 'yes', technician: 'yes', observer: 'yes', agent: 'no' },
  'role.assume': { lead: 'no', technician: 'yes', observer: 'no', agent: 'no' },
};

/** Whether a seat of this role may do it. `holdsLead`: the seat holds the lead's powers by `role.assumed`. */
export function mayDo(role: Role, action: Action, holdsLead: boolean): boolean {
  const permission = table[action][role];
  return permission === 'yes' || (permission === 'held' && holdsLead);
}

/** Why not, in words for the person who was refused. */
export function whyNot(role: Role, action: Action): string {
  return table[action][role] === 'held'
    ? `Only the lead may do this (${action}). With no lead seated, the technician can take the lead's powers first.`
    : `The role ${role} may not do this (${action}).`;
}
