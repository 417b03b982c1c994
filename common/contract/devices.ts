import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { channelInfo } from '../incident/entries.ts';
import { method, streamId } from './base.ts';

export const dialects = [
  'hx711-csv',
  'hx711-reading',
  'hx711-average',
  'hx711-loadcell',
  'hx711-weight-raw',
  'csv',
  'teleplot',
  'beam-events',
  'beam-text',
  'beam-level',
  'tegrastats',
  'frames',
] as const;

const baud = z.number().int().min(300).max(4_000_000);

/** How a device is named: a path typed by hand (the only way for a PTY), an address, or its USB identity. */
export const deviceLink = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('path'), path: z.string().min(1).max(400), baud }),
  z.strictObject({
    by: z.literal('usb'),
    vendorId: z.string().regex(/^[0-9a-f]{4}$/i),
    productId: z.string().regex(/^[0-9a-f]{4}$/i),
    serialNumber: z.string().max(200).optional(),
    baud,
  }),
  z.strictObject({
    by: z.literal('tcp'),
    host: z.string().min(1).max(255),
    port: z.number().int().min(1).max(65535),
  }),
]);
export type DeviceLink = z.infer<typeof deviceLink>;

/** What of a dialect differs from firmware to firmware (`DialectOptions` of common/wire/types.ts). */
export const deviceOptions = z.strictObject({
  /** The decimal separator that is printed: '.' unless told. */
  decimal: z.enum(['.', ',']).optional(),
  /** Whether level 0 means a broken beam: true unless told. */
  activeLow: z.boolean().optional(),
  /** Whether raw counts have their zero at 8388608: false (two's complement) unless told. */
  offsetBinary: z.boolean().optional(),
});
export type DeviceOptions = z.infer<typeof deviceOptions>;

export const deviceSpec = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  name: z.string().min(1).max(100),
  dialect: z.enum(dialects),
  link: deviceLink,
  options: deviceOptions.optional(),
  /**
   * Seconds without a line of its dialect after which it counts as lost; 0: it may be silent for ever. Unless told: 2,
   * 5 for tegrastats, 0 for a beam that speaks on change only, and more for what is heard to speak more slowly.
   */
  heartbeat: z.number().min(0).max(3600).optional(),
});
export type DeviceSpec = z.infer<typeof deviceSpec>;

/** What happened and what to do, with the command that mends it where there is one. */
export const linkProblem = z.object({ code: z.string(), message: z.string(), hint: z.string() });

/**
 * A device's own clock against the host's. At host time `at` the device's clock stood at `at − offset`; since then it
 * gains `drift` µs a second on the host's. `uncertainty` is that of `offset` and includes the least time a line is on its
 * way only as far as that varies; `driftUncertainty` that of `drift`.
 */
export const deviceClock = z.object({
  at: z.number(),
  /** Microseconds. */
  offset: z.number(),
  /** Parts per million; positive: it runs fast. */
  drift: z.number(),
  /** Microseconds. */
  uncertainty: z.number(),
  /** Parts per million. */
  driftUncertainty: z.number(),
  /** Seconds over which it was measured. */
  span: z.number(),
  /** How often it jumped or began anew since the device was added. */
  jumps: z.number().int(),
  /** The last of them: when it was seen, and by how many microseconds the device's clock went ahead. */
  lastJump: z.object({ at: z.number(), by: z.number() }).nullable(),
});
export type DeviceClock = z.infer<typeof deviceClock>;

/** Link health. Rates are per second over the last two seconds; counts are since the device was added. */
export const deviceHealth = z.object({
  id: z.string(),
  name: z.string(),
  dialect: z.enum(dialects),
  /** As it was asked for: to connect it again with another rate, dialect or option. */
  spec: deviceSpec,
  link: z.string(),
  /** USB identity vid:pid:serial number, where it is known. */
  identity: z.string().nullable(),
  state: z.enum(['connecting', 'connected', 'lost', 'failed', 'stopped']),
  /** Why it is not connected, and what to do. */
  problem: linkProblem.nullable(),
  channels: z.array(channelInfo),
  /** Effective samples a second by channel id, over the last five seconds; for a step channel its events. */
  rates: z.record(z.string(), z.number()),
  bytesPerSecond: z.number(),
  linesPerSecond: z.number(),
  rejectedBytes: z.number(),
  rejectedLines: z.number(),
  reconnects: z.number(),
  /** Times without it, the present one included: how many, and microseconds in all. */
  gaps: z.object({ count: z.number().int(), micros: z.number() }),
  /** Samples or events that are known to be missing while the link stood. */
  lost: z.number(),
  /** The last few things that the firmware said of itself, oldest first. */
  remarks: z.array(
    z.object({ at: z.number(), text: z.string(), severity: z.enum(['info', 'warning', 'error']) }),
  ),
  /** Null while it is not known: the device sends no times, or not for long enough. */
  clock: deviceClock.nullable(),
  /** Host time of the last accepted line, microseconds since 1970; 0 before the first. */
  lastHeard: z.number(),
});
export type DeviceHealth = z.infer<typeof deviceHealth>;

export const serialPort = z.object({
  path: z.string(),
  manufacturer: z.string().optional(),
  serialNumber: z.string().optional(),
  vendorId: z.string().optional(),
  productId: z.string().optional(),
});

/** One dialect that fits what was heard. */
export const probeGuess = z.object({
  dialect: z.enum(dialects),
  options: deviceOptions,
  /** 0 to 1. */
  confidence: z.number(),
  /** Lines that fitted. */
  lines: z.number(),
  why: z.string(),
});

/** How far a probe is, and what it found so far. The last event has the phase `done`; the port is free again by then. */
export const probeReport = z.object({
  /** `waiting`: open, nothing came yet (many boards restart when their port is opened). */
  phase: z.enum(['opening', 'waiting', 'listening', 'done']),
  /** As it was opened, serial:/dev/ttyACM0; before that as it was asked for. */
  link: z.string(),
  /** USB identity vid:pid:serial number, where it is known. */
  identity: z.string().nullable(),
  /** The rate that is listened at; of `done` the one that is best. Null where there is none (TCP). */
  baud: z.number().int().nullable(),
  /** Rates listened at so far, in order. */
  tried: z.array(z.number().int()),
  /** Bytes heard at `baud`. */
  bytes: z.number().int(),
  /** What was heard at `baud` looks like another rate's. */
  garbled: z.boolean(),
  /** Most likely first; empty when nothing fits. */
  guesses: z.array(probeGuess).max(20),
  /** Some of what was heard at `baud`, at most 8 lines of at most 120 bytes. */
  lines: z.array(z.object({ text: z.string(), hex: z.string() })).max(8),
  /** Of `done`: why it could not be heard, or why nothing fits, and what to do. */
  problem: linkProblem.nullable(),
});
export type ProbeReport = z.infer<typeof probeReport>;

/** Sensors on a link. */
export const devices = {
  ports: method('read').output(z.array(serialPort)),
  /**
   * Opens a link that no device uses, listens (up to 5 s for a first byte, then up to 2 s at a rate; at other rates only
   * where what comes looks garbled or nothing comes) and says what speaks there. Ending the iteration ends the probe.
   */
  probe: method('device.connect')
    .input(z.object({ link: deviceLink }))
    .output(eventIterator(probeReport)),
  connect: method('device.connect')
    .input(deviceSpec)
    .output(z.object({ id: z.string() })),
  disconnect: method('device.connect')
    .input(z.object({ id: z.string() }))
    .output(z.object({})),
  /** The whole list at once, then whenever something changed (at most 4 a second). */
  watch: method('read').output(eventIterator(z.array(deviceHealth))),
  /** The bytes of a device as they are read, from now on, in the layout of common/contract/bulk-raw.ts. */
  openRaw: method('read')
    .input(z.object({ id: z.string() }))
    .output(streamId),
};
