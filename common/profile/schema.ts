import { z } from 'zod';
import { deviceSpec } from '../contract/devices.ts';
import { serviceSpec } from '../contract/services.ts';

/** A limit, always with the reason for it: a number without one is nobody's to change. */
export const profileThreshold = z.strictObject({ limit: z.number(), reason: z.string().min(1) });

/**
 * A profile in its first form: the devices, services and thresholds of a system under watch.
 * Unknown members are mistakes, so that a misspelt name is found.
 */
export const profile = z
  .strictObject({
    name: z.string().min(1).max(100),
    description: z.string().max(2000).optional(),
    devices: z.array(deviceSpec).max(32).default([]),
    services: z.array(serviceSpec).max(64).default([]),
    thresholds: z.record(z.string().regex(/^[a-z][a-z0-9.-]*$/), profileThreshold).default({}),
  })
  .superRefine((value, context) => {
    unique(
      value.devices.map(({ id }) => id),
      ['devices'],
      'id',
      context,
    );
    unique(
      value.services.map(({ name }) => name),
      ['services'],
      'name',
      context,
    );
  });

export type Profile = z.infer<typeof profile>;

function unique(names: string[], path: string[], member: string, context: z.RefinementCtx): void {
  names.forEach((name, index) => {
    if (names.indexOf(name) !== index)
      context.addIssue({
        code: 'custom',
        path: [...path, index, member],
        message: `"${name}" is used twice`,
      });
  });
}
