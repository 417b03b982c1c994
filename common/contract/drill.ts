import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { faultSeverity } from '../incident/entries.ts';
import { method } from './base.ts';
import { rigBeamDialects, rigCellDialects } from './rig-dialects.ts';

/** How the rig is made up; what is not told is as in the first of each. */
export const rigMakeup = z.strictObject({
  cellDialect: z.enum(rigCellDialects).optional(),
  beamDialect: z.enum(rigBeamDialects).optional(),
  /** Samples a second of the load cells. */
  rate: z.union([z.literal(80), z.literal(10)]).optional(),
  /** What the load cells' boards print as the decimal separator. */
  decimal: z.enum(['.', ',']).optional(),
  /** One more port with the `tegrastats` of a Jetson: not there unless told. */
  jetson: z.boolean().optional(),
});
export type RigMakeup = z.infer<typeof rigMakeup>;

export const rigFault = z.object({
  name: z.string(),
  title: z.string(),
  group: z.enum(['cells', 'beam', 'link', 'services', 'parts', 'forms', 'models']),
  /** What it can be aimed at, the usual one first. */
  targets: z.array(z.string()),
  /** Empty: it is there or not. */
  severities: z.array(faultSeverity),
  on: z.boolean(),
  target: z.string().nullable(),
  severity: faultSeverity.nullable(),
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
    .input(rigMakeup.extend({ seed: z.number().int().optional() }))
    .output(z.object({ incident: z.string() })),
  /**
   * Switches a fault, beside those that are on. One that is on already is aimed anew. `severity`: `clear` unless told;
   * `bad-input` for a fault that has none.
   */
  fault: method('drill.control')
    .input(
      z.object({
        fault: z.string().max(40),
        on: z.boolean(),
        target: z.string().max(40).optional(),
        severity: faultSeverity.optional(),
      }),
    )
    .output(z.object({ target: z.string(), severity: faultSeverity.nullable() })),
  stop: method('drill.control').output(z.object({})),
  watch: method('read').output(eventIterator(rigState)),
};
