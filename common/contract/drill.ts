import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { method } from './base.ts';

export const rigFault = z.object({
  name: z.string(),
  title: z.string(),
  /** What it can be aimed at; empty: nothing to choose. */
  targets: z.array(z.string()),
  on: z.boolean(),
  target: z.string().nullable(),
});
export type RigFault = z.infer<typeof rigFault>;

export const rigState = z.object({
  running: z.boolean(),
  seed: z.number().int(),
  faults: z.array(rigFault),
  services: z.array(z.object({ name: z.string(), url: z.string() })),
  devices: z.array(z.object({ id: z.string(), path: z.string() })),
});
export type RigState = z.infer<typeof rigState>;

/** The virtual rig, for practice. */
export const drill = {
  /** Declares a drill incident, starts the rig and connects its devices. */
  start: method('incident.declare')
    .input(z.object({ seed: z.number().int().optional() }))
    .output(z.object({ incident: z.string() })),
  fault: method('drill.control')
    .input(z.object({ fault: z.string().max(40), on: z.boolean(), target: z.string().max(40).optional() }))
    .output(z.object({})),
  stop: method('drill.control').output(z.object({})),
  watch: method('read').output(eventIterator(rigState)),
};
