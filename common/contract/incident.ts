import { z } from 'zod';
import { incidentState, severity } from '../incident/entries.ts';
import { roles } from '../incident/roles.ts';
import { appended, longText, method, shortText } from './base.ts';

/** The incident's own facts, and its people. */
export const incident = {
  describe: method('incident.describe')
    .input(z.object({ title: shortText, severity }))
    .output(appended),
  setState: method('incident.state')
    .input(z.object({ to: incidentState, reason: longText }))
    .output(appended),
  note: method('note.write')
    .input(z.object({ text: longText }))
    .output(appended),
  /** The technician takes the lead's powers; refused while a lead is seated. */
  assumeLead: method('role.assume')
    .input(z.object({ reason: longText }))
    .output(appended),
  nameSeat: method('seat.name')
    .input(z.object({ name: z.string().min(1).max(80) }))
    .output(appended),
  /**
   * A link for one more browser on this machine: single use, 60 seconds. With a role it is a new local seat; without one,
   * another page of the caller's own seat.
   */
  invite: method('seat.invite')
    .input(z.object({ role: z.enum(roles).optional() }))
    .output(z.object({ url: z.string() })),
};
