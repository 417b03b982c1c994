import { z } from 'zod';
import { deviceSpec, type DeviceSpec } from '../../contract/devices.ts';
import { onlyMembersOf } from '../only-members.ts';
import { sentence, unitText } from './text.ts';

const column = z
  .string()
  .max(60)
  .regex(/^[^\s/]+$/, 'without blanks and /');

/** What a column of a device's lines is, where its dialect does not say. */
export const deviceColumn = z.strictObject({
  column,
  name: z.string().min(1).max(60).optional(),
  unit: unitText.optional(),
  kind: z.enum(['linear', 'step']).optional().describe('step: it holds its value until the next one.'),
});

/** value = (what the column says − offset) / scale. */
export const deviceCalibration = z.strictObject({
  column,
  offset: z.number(),
  scale: z.number().refine((scale) => scale !== 0, 'is not 0'),
  unit: unitText.optional().describe('Of the calibrated value.'),
  measured: z.iso.date().optional().describe('The day on which it was measured.'),
});

/** A sensor: how it is reached (common/contract/devices.ts), and what its numbers mean. */
export const profileDevice = deviceSpec.extend({
  kind: sentence.optional().describe('What it is, in words: load cell, break beam.'),
  columns: z.array(deviceColumn).max(32).default([]),
  calibration: z.array(deviceCalibration).max(32).default([]),
});
export type ProfileDevice = z.infer<typeof profileDevice>;

/** What connects it. */
export const deviceSpecOf = (device: ProfileDevice): DeviceSpec => onlyMembersOf(deviceSpec, device);
