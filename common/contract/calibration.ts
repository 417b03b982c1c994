import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { appended, method, micros } from './base.ts';
import { channelId, finite } from './signal-parts.ts';

/** A load on the cell, as it was taken. Means in the channel's unit, `residual` in grams. */
export const calibrationPoint = z.object({
  /** Grams; 0 for the tare. */
  weight: z.number(),
  from: z.number(),
  to: z.number(),
  samples: z.number().int(),
  /** Samples that were left out as spikes. */
  spikes: z.number().int(),
  mean: z.number(),
  noise: z.number(),
  residual: z.number().nullable(),
});

/** weight = (raw − offset) / scale. Each of `problems` says what is odd about it; `fits` is false where a point is off the line. */
export const calibrationFit = z.object({
  offset: z.number(),
  scale: z.number(),
  /** Grams. */
  rms: z.number(),
  worst: z.number(),
  /** Grams that a residual may have: the larger of 3 × noise and 0.5 % of the span. */
  limit: z.number(),
  fits: z.boolean(),
  problems: z.array(z.object({ code: z.string(), message: z.string(), hint: z.string() })),
});

export const calibrationState = z.object({
  step: z.enum(['off', 'tare', 'weights', 'done']),
  channel: z.string().nullable(),
  unit: z.string(),
  /** What the channel reads when nothing is on the cell, where that is known. */
  empty: z.number().nullable(),
  /** Samples are being taken for this many grams, since when. */
  taking: z.object({ weight: z.number(), since: z.number() }).nullable(),
  tare: calibrationPoint.nullable(),
  points: z.array(calibrationPoint),
  /** Once there is a weight. */
  fit: calibrationFit.nullable(),
  /** Why the last load was not taken, and what to do. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
});
export type CalibrationState = z.infer<typeof calibrationState>;

const taking = {
  /** A window that lies in the past; else the next `seconds` are taken. */
  window: z.object({ from: micros, to: micros }).optional(),
  /** 2 unless told. */
  seconds: z.number().min(0.25).max(30).optional(),
  /** Seconds to wait for as many steady ones; 0 unless told: the very next. */
  patience: z.number().min(0).max(120).optional(),
};

/** The guided tare and calibration of one load cell at a time. */
export const calibration = {
  watch: method('read').output(eventIterator(calibrationState)),
  /** `empty`: what the channel reads with nothing on it; unless told, as it was calibrated before. */
  start: method('device.calibrate')
    .input(z.object({ channel: channelId, empty: finite.optional() }))
    .output(calibrationState),
  /** Nothing on the cell. Refused under load and while the signal moves. Once more: it is taken anew, and so are the weights. */
  tare: method('device.calibrate').input(z.object(taking)).output(calibrationState),
  /** A known weight on it, in grams. */
  addPoint: method('device.calibrate')
    .input(z.object({ weight: z.number().min(-1e6).max(1e6), ...taking }))
    .output(calibrationState),
  dropPoint: method('device.calibrate')
    .input(z.object({ index: z.number().int().nonnegative() }))
    .output(calibrationState),
  /**
   * Writes it down with its windows as evidence, and makes the calibrated channel math/<device>-cal. A line that does not
   * fit is refused unless `anyway`.
   */
  finish: method('device.calibrate')
    .input(z.object({ anyway: z.boolean().optional() }))
    .output(appended.extend({ channel: channelId })),
  cancel: method('device.calibrate').output(z.object({})),
};
