import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { channelInfo } from '../incident/entries.ts';
import { method } from './base.ts';

const path = z.string().startsWith('/').max(400);
const column = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'lowercase letters, digits and dashes')
  .refine((name) => !['answer', 'up'].includes(name), '"answer" and "up" are every service’s own');
const unit = z.string().max(20).default('');

/** One number of each answer, as a channel. `field`: a dotted path within it (`boxes.0.score`); a list counts its items. */
export const answerColumn = z.strictObject({
  column,
  name: z.string().min(1).max(60),
  unit,
  field: z.string().min(1).max(200),
});
export type AnswerColumn = z.infer<typeof answerColumn>;

/** One sample of the metrics page, as a channel: its value, or how fast it grows a second. Several that match are summed. */
export const metricColumn = z.strictObject({
  column,
  name: z.string().min(1).max(60),
  unit,
  metric: z.string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,199}$/),
  labels: z.record(z.string().max(100), z.string().max(400)).default({}),
  as: z.enum(['value', 'rate']).default('value'),
});
export type MetricColumn = z.infer<typeof metricColumn>;

/** Dotted path of an answer's own time (ISO 8601, or seconds, milliseconds or microseconds since 1970). */
const at = z.string().min(1).max(200).optional();

/** Where a service's answers come from: asked for at intervals, or sent by it as it makes them. */
export const answerSource = z.discriminatedUnion('by', [
  z.strictObject({
    by: z.literal('poll'),
    path,
    /** Dotted path of the list of answers in what it returns; without it the whole is one answer. */
    items: z.string().max(200).optional(),
    at,
    /** Asks only for what is new: this query parameter with the value of this field of the newest answer. */
    since: z.strictObject({ query: z.string().max(40), field: z.string().max(200) }).optional(),
  }),
  z.strictObject({ by: z.literal('sse'), path, at }),
  z.strictObject({ by: z.literal('ws'), path, at }),
]);
export type AnswerSource = z.infer<typeof answerSource>;

/** A service under watch. Its channels are `<name>/up`, `<name>/answer` (how long its health took) and its columns. */
export const serviceSpec = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, 'lowercase letters, digits and dashes'),
  url: z.url({ protocol: /^https?$/ }),
  /** Path that answers 200 while the service is well. */
  health: path.default('/health'),
  openapi: path.optional(),
  timeoutMs: z.number().int().min(50).max(60_000).default(3000),
  /** Latency that is normal, p95 in milliseconds: twice as much is slow. */
  expectedMs: z.number().positive().optional(),
  /** Between two questions for its health (and its polled answers and metrics), in milliseconds. */
  everyMs: z.number().int().min(100).max(600_000).default(1000),
  answers: answerSource.optional(),
  columns: z.array(answerColumn).max(16).default([]),
  metrics: z
    .strictObject({ path: path.default('/metrics'), columns: z.array(metricColumn).max(16) })
    .optional(),
});
export type ServiceSpec = z.infer<typeof serviceSpec>;

export const serviceHealth = z.object({
  name: z.string(),
  url: z.string(),
  state: z.enum(['connecting', 'up', 'slow', 'down', 'stopped']),
  /** Why it is not well, and what to do. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  channels: z.array(channelInfo),
  /** Median of the last nine answers to the question for its health, milliseconds; null before the first. */
  answerMs: z.number().nullable(),
  /** Answers taken, and those that had none of the fields asked for; since it was connected. */
  answers: z.number(),
  rejected: z.number(),
  reconnects: z.number(),
  /** Host time of its last answer of any kind, microseconds since 1970; 0 before the first. */
  lastAnswer: z.number(),
  /** Its clock minus the host's, from the Date of its answers; null where it sends none. */
  clock: z.object({ offsetMicros: z.number(), uncertaintyMicros: z.number() }).nullable(),
});
export type ServiceHealth = z.infer<typeof serviceHealth>;

/** Services on the network, as channels beside the sensors. */
export const services = {
  connect: method('device.connect')
    .input(serviceSpec)
    .output(z.object({ name: z.string() })),
  disconnect: method('device.connect')
    .input(z.object({ name: z.string() }))
    .output(z.object({})),
  /** The whole list at once, then whenever something changed (at most 4 a second). */
  watch: method('read').output(eventIterator(z.array(serviceHealth))),
};
