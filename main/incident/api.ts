import type { contract } from '../../common/contract/index.ts';
import type { Role } from '../../common/incident/roles.ts';
import type { AppendFor } from '../ladder/index.ts';
import type { Handlers } from '../platform/call.ts';
import type { Seats } from './seats.ts';

export interface IncidentApiDeps {
  appendFor: AppendFor;
  seats: Seats;
  isDrill(): boolean;
  /** A single-use link for one more browser. */
  mintLink(invitation: { seat: string } | { role: Role }): string;
}

/** The incident's own facts, and its people. */
export function createIncidentApi({
  appendFor,
  seats,
  isDrill,
  mintLink,
}: IncidentApiDeps): Handlers<typeof contract.incident> {
  return {
    describe: ({ title, severity }, call) =>
      appendFor(call, { type: 'incident.described', data: { title, severity, drill: isDrill() } }),
    setState: ({ to, reason }, call) => appendFor(call, { type: 'incident.state', data: { to, reason } }),
    note: ({ text }, call) => appendFor(call, { type: 'note.written', data: { text } }),
    assumeLead: ({ reason }, call) =>
      appendFor(call, { type: 'role.assumed', data: { seat: call.seat.id, role: 'lead', reason } }),
    nameSeat: ({ name }, call) => appendFor(call, { type: 'seat.named', data: { seat: call.seat.id, name } }),
    invite: ({ role }, call) => {
      seats.checkInvite(role);
      return { url: mintLink(role ? { role } : { seat: call.seat.id }) };
    },
  };
}
