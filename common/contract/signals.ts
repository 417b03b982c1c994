import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { channelInfo } from '../incident/entries.ts';
import { faultNames } from '../signal/detect/names.ts';
import { appended, entryId, method, micros } from './base.ts';
import { channelId, finite } from './signal-parts.ts';

const day = 86_400_000_000;
/** A span in microseconds. */
const span = z.number().min(0).max(day);
/** How far past the level, on both sides, a signal must go before it counts as crossed: what is smaller is noise. */
const hysteresis = z.number().min(0).max(1e15).optional();

/** A crossing of the level. */
const edgeEvent = z.strictObject({
  kind: z.literal('edge'),
  direction: z.enum(['rising', 'falling', 'either']),
  level: finite,
  hysteresis,
});
/** On one side of the level for at least `micros`, once for each time that it goes there. */
const levelEvent = z.strictObject({
  kind: z.literal('level'),
  side: z.enum(['above', 'below']),
  level: finite,
  hysteresis,
  micros: span,
});
/**
 * A pulse between two crossings, by its width in microseconds. `shorter` and `between` are known when it ends, `longer`
 * as soon as it lasts longer. One that a gap falls into is not measured.
 */
const pulseEvent = z.strictObject({
  kind: z.literal('pulse'),
  polarity: z.enum(['high', 'low']),
  level: finite,
  hysteresis,
  width: z.discriminatedUnion('is', [
    z.strictObject({ is: z.literal('shorter'), micros: span }),
    z.strictObject({ is: z.literal('longer'), micros: span }),
    z.strictObject({ is: z.literal('between'), least: span, most: span }),
  ]),
});
/** No sample, or no crossing of the level, for more than `micros`; once until there is one again. */
const dropoutEvent = z.discriminatedUnion('of', [
  z.strictObject({ kind: z.literal('dropout'), of: z.literal('samples'), micros: span }),
  z.strictObject({
    kind: z.literal('dropout'),
    of: z.literal('edges'),
    level: finite,
    hysteresis,
    micros: span,
  }),
]);
/** An entry of one of these types is appended to the ledger. */
const ledgerEvent = z.strictObject({
  kind: z.literal('ledger'),
  types: z.array(z.string().min(1).max(60)).min(1).max(50),
});

export const triggerEvent = z.union([edgeEvent, levelEvent, pulseEvent, dropoutEvent, ledgerEvent]);
export type TriggerEvent = z.infer<typeof triggerEvent>;

export const triggerSpec = z.strictObject({
  /** Null only for an event of the ledger. */
  channel: channelId.nullable(),
  on: triggerEvent,
  /** `auto` fires by itself when nothing comes for `autoAfter`; `single` ends after the first. */
  mode: z.enum(['auto', 'normal', 'single']),
  /** What is done when it fires: the page stops there, the window is kept as evidence, or an entry marks it. */
  action: z.enum(['hold', 'keep', 'mark']),
  /** Microseconds that are shown and kept. */
  window: z.number().min(1000).max(3_600_000_000),
  /** What of it lies before the event. */
  before: z.union([z.strictObject({ share: z.number().min(0).max(1) }), z.strictObject({ micros: span })]),
  /** Events are ignored for so many microseconds after one, and in any case until its window has ended. */
  holdoff: span,
  /** Microseconds; of `auto` only. Unless told, 1 s. */
  autoAfter: z.number().min(10_000).max(60_000_000).optional(),
});
export type TriggerSpec = z.infer<typeof triggerSpec>;

/** What a trigger caught: [from, to) around `at`, microseconds since 1970. */
export const triggerSegment = z.object({
  /** From 1. */
  number: z.number().int(),
  at: z.number(),
  from: z.number(),
  to: z.number(),
  why: z.string(),
  /** It fired by itself, since nothing came. */
  auto: z.boolean(),
  /** The window has ended: everything of it is there. */
  complete: z.boolean(),
  /** The entry that keeps or marks it. */
  entry: entryId.nullable(),
});

/** The room's one trigger. `done`: a single one that has fired. `stopped`: by itself, `problem` says why. */
export const triggerState = z.object({
  state: z.enum(['off', 'armed', 'collecting', 'done', 'stopped']),
  spec: triggerSpec.nullable(),
  /** The seat that set it. */
  by: z.string().nullable(),
  /** Rises with each trigger that is set: a segment belongs to one. */
  arming: z.number().int(),
  /** How often it fired, by itself included. */
  fired: z.number().int(),
  auto: z.number().int(),
  kept: z.number().int(),
  marked: z.number().int(),
  /** The last one. */
  segment: triggerSegment.nullable(),
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
});
export type TriggerState = z.infer<typeof triggerState>;

const widths = z.object({ count: z.number().int(), min: z.number(), mean: z.number(), max: z.number() });

/** Of [from, to). Null: can't be told of this window, because there is too little in it or the channel is of another kind. */
export const measurement = z.object({
  channel: channelId,
  unit: z.string(),
  kind: z.enum(['linear', 'step']),
  from: z.number(),
  to: z.number(),
  /** Samples; of a step channel its changes. */
  count: z.number().int(),
  /** Of them a second, less the gaps. */
  rate: z.number().nullable(),
  first: z.number().nullable(),
  last: z.number().nullable(),
  min: z.number().nullable(),
  max: z.number().nullable(),
  peakToPeak: z.number().nullable(),
  /** These three of a step channel by time, of a linear one by samples. */
  mean: z.number().nullable(),
  rms: z.number().nullable(),
  /** Standard deviation, n − 1. */
  sigma: z.number().nullable(),
  /** σ of what changes from sample to sample: slow drift and single steps are not in it. Grams and counts where the scale is known. */
  noise: z
    .object({ sigma: z.number(), counts: z.number().nullable(), grams: z.number().nullable() })
    .nullable(),
  /** Slope of the least squares line a minute, and its standard error. */
  drift: z.object({ perMinute: z.number(), error: z.number() }).nullable(),
  /** Crossings of `level`. Widths in microseconds, of pulses that begin and end in the window and have no gap in them. */
  edges: z
    .object({
      level: z.number(),
      rising: z.number().int(),
      falling: z.number().int(),
      /** Hertz, from the first to the last rising edge (falling, where there are more of them). */
      frequency: z.number().nullable(),
      /** Share of the known time that it is high. */
      duty: z.number().nullable(),
      high: widths.nullable(),
      low: widths.nullable(),
      /** Edges closer than `bounceWithin` to the one before. */
      bounces: z.number().int(),
    })
    .nullable(),
  /** Pick-up from the mains: where 50 and 60 Hz show at this rate, and how far they stand over their neighbours in power. */
  mains: z
    .object({
      fifty: z.object({ hertz: z.number(), ratio: z.number(), amplitude: z.number() }).nullable(),
      sixty: z.object({ hertz: z.number(), ratio: z.number(), amplitude: z.number() }).nullable(),
    })
    .nullable(),
  gaps: z.object({ count: z.number().int(), micros: z.number() }),
});
export type Measurement = z.infer<typeof measurement>;

/** Of a math channel what was asked for; its channel is "math/<id>". */
export const mathSpec = z.strictObject({
  /** Unless told, the name that stands before `=` in the expression. */
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
    .optional(),
  name: z.string().min(1).max(100).optional(),
  /** Unless told, that of the inputs, where the expression keeps it. */
  unit: z.string().max(20).optional(),
  /** As `weight = [cell-a/weight] + [cell-b/weight]` (common/signal/math-parse.ts). */
  expression: z.string().min(1).max(500),
  /** Seconds after which the last value of an input counts no more; 1 unless told. */
  stale: z.number().min(0.01).max(3600).optional(),
});
export type MathSpec = z.infer<typeof mathSpec>;

export const mathChannel = channelInfo.extend({
  expression: z.string(),
  stale: z.number(),
  inputs: z.array(channelId),
  /** Inputs that no device of this run gives yet. */
  missing: z.array(channelId),
});

/** A named fault of a sensor that is seen now. Times are microseconds since 1970. */
export const signalFault = z.object({
  /** The same for as long as it is seen: its name and channel. */
  id: z.string(),
  fault: z.enum(faultNames),
  title: z.string(),
  device: z.string(),
  /** Where it is seen. */
  channel: channelId,
  /** The channels of its evidence: its own first, then the other cells and beams. */
  channels: z.array(channelId),
  /** [from, to): where it is seen in the signal, so far. */
  from: z.number(),
  to: z.number(),
  confidence: z.number().min(0).max(1),
  /** One sentence with numbers. */
  says: z.string(),
  /** The next physical check. */
  next: z.string(),
  rulesOut: z.string(),
  /** When it was named, this time. */
  since: z.number(),
  /** How often it was named since its finding. */
  times: z.number().int().positive(),
  /** Its `check.found`, null until that is written down: at most one in five minutes of one fault on one channel. */
  finding: entryId.nullable(),
  cleared: z.literal(false),
});
export type SignalFault = z.infer<typeof signalFault>;

/** Triggers, measurements, math channels and named faults. Values at a cursor are `measure` of a short window, or the page's own. */
export const signals = {
  /** At most a million samples a channel. */
  measure: method('read')
    .input(
      z.object({
        channels: z.array(channelId).min(1).max(32),
        from: micros,
        to: micros,
        /** For the edges of linear channels; of step channels 0.5. */
        level: finite.optional(),
        hysteresis,
        /** Microseconds; 5000 unless told. */
        bounceWithin: span.optional(),
      }),
    )
    .output(z.array(measurement)),
  /** Sets the room's one trigger, in place of the one before, and arms it. */
  setTrigger: method('scope.trigger').input(triggerSpec).output(z.object({})),
  clearTrigger: method('scope.trigger').output(z.object({})),
  watchTrigger: method('read').output(eventIterator(triggerState)),
  /** Its channel begins with what is known of the last minutes. */
  addMath: method('channel.derive').input(mathSpec).output(appended),
  removeMath: method('channel.derive')
    .input(z.object({ id: z.string().max(60) }))
    .output(appended),
  listMath: method('read').output(z.array(mathChannel)),
  /** All named faults that the sensors show now. What was is in the ledger. */
  watchFaults: method('read').output(eventIterator(z.array(signalFault))),
};
