import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { channelInfo } from '../incident/entries.ts';
import { method } from './base.ts';

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

/** How a device is named: a path typed by hand (the only way for a PTY), an address, or its USB identity. */
export const deviceLink = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('path'),
    path: z.string().min(1).max(400),
    baud: z.number().int().min(300).max(4_000_000),
  }),
  z.object({
    by: z.literal('usb'),
    vendorId: z.string().regex(/^[0-9a-f]{4}$/i),
    productId: z.string().regex(/^[0-9a-f]{4}$/i),
    serialNumber: z.string().max(200).optional(),
    baud: z.number().int().min(300).max(4_000_000),
  }),
  z.object({
    by: z.literal('tcp'),
    host: z.string().min(1).max(255),
    port: z.number().int().min(1).max(65535),
  }),
]);
export type DeviceLink = z.infer<typeof deviceLink>;

export const deviceSpec = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  name: z.string().min(1).max(100),
  dialect: z.enum(dialects),
  link: deviceLink,
});
export type DeviceSpec = z.infer<typeof deviceSpec>;

/** Link health. Rates are per second over the last two seconds; counts are since the device was added. */
export const deviceHealth = z.object({
  id: z.string(),
  name: z.string(),
  dialect: z.enum(dialects),
  link: z.string(),
  state: z.enum(['connecting', 'connected', 'lost', 'failed', 'stopped']),
  /** Why it is not connected, and what to do. */
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
  channels: z.array(channelInfo),
  bytesPerSecond: z.number(),
  linesPerSecond: z.number(),
  rejectedBytes: z.number(),
  reconnects: z.number(),
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

/** Sensors on a link. */
export const devices = {
  ports: method('read').output(z.array(serialPort)),
  connect: method('device.connect')
    .input(deviceSpec)
    .output(z.object({ id: z.string() })),
  disconnect: method('device.connect')
    .input(z.object({ id: z.string() }))
    .output(z.object({})),
  /** The whole list at once, then whenever something changed (at most 4 a second). */
  watch: method('read').output(eventIterator(z.array(deviceHealth))),
};
