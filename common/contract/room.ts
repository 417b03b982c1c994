import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { severity } from '../incident/entries.ts';
import { roles } from '../incident/roles.ts';
import { method, shortText } from './base.ts';

/** What a page needs to know of the host and of its own seat. */
export const roomState = z.object({
  version: z.string(),
  /** The host's anchored time when this was made, microseconds since 1970. */
  now: z.number(),
  incident: z.string().nullable(), // id of the open one
  drill: z.boolean(),
  seat: z.object({ id: z.string(), role: z.enum(roles), local: z.boolean() }).nullable(),
  device: z.object({ vkey: z.string(), fingerprint: z.string() }),
  keyStore: z.object({ kind: z.enum(['keychain', 'file']), warning: z.string().nullable() }),
  root: z.object({ size: z.number(), hash: z.string() }).nullable(), // last checkpoint
});
export type RoomState = z.infer<typeof roomState>;

const incidentSummary = z.object({
  id: z.string(),
  title: z.string(),
  severity,
  drill: z.boolean(),
  at: z.string(),
  entries: z.number(),
  problem: z.string().nullable(),
});

/** The room itself: which incident is open, who asks, where the host stands. */
export const room = {
  get: method('read').output(roomState),
  /** A new state at once and whenever something of it changes. */
  watch: method('read').output(eventIterator(roomState)),
  incidents: method('read').output(z.array(incidentSummary)),
  declare: method('incident.declare')
    .input(z.object({ title: shortText, severity }))
    .output(z.object({ incident: z.string() })),
  open: method('incident.declare')
    .input(z.object({ incident: z.string() }))
    .output(z.object({ incident: z.string() })),
  /** Closes the room on it; the incident stays on disk and can be opened again. */
  leave: method('incident.declare').output(z.object({})),
};
