/**
 * How samples lie in a capture. Messages are in the ROS 1 serialisation and schemas in its message language (both are
 * well-known encodings of MCAP's registry), so that any reader of MCAP lists, decodes and plots them without this app:
 * a `float64[]` is a u32 count and then that many float64, all little-endian.
 */
import type { McapTypes } from '@mcap/core';
import type { ChannelInfo } from '../../common/incident/entries.ts';
import type { RejectedBytes } from '../../common/wire/types.ts';
import type { Samples } from '../../common/signal/series.ts';

type SchemaText = Omit<McapTypes.Schema, 'id'>;

const text = new TextEncoder();

/** `u32 n · n × f64 t · u32 n · n × f64 v`. */
export const samplesSchema: SchemaText = {
  name: 'warroom/Samples',
  encoding: 'ros1msg',
  data: text.encode(
    '# Samples of one signal, at most 100 ms of them.\n' +
      '# t: microseconds since 1970 on the axis of the host; v: values, in the unit of the channel.\n' +
      'float64[] t\nfloat64[] v\n',
  ),
};

/** `u32 n · n × u8 · u32 length · reason · u32 cut`. */
export const rejectedSchema: SchemaText = {
  name: 'warroom/RejectedBytes',
  encoding: 'ros1msg',
  data: text.encode(
    '# Bytes of a device that no parser took, as they came, and why.\nuint8[] bytes\nstring reason\n# Bytes before these that were too many to keep.\nuint32 cut\n',
  ),
};

export const messageEncoding = 'ros1';

/** The channel record of a signal whose schema has the id 1. */
export function samplesChannel(id: number, { id: topic, name, unit, kind }: ChannelInfo): McapTypes.Channel {
  const metadata = new Map(Object.entries({ name, unit, kind, t: 'microseconds since 1970' }));
  return { id, schemaId: 1, topic, messageEncoding, metadata };
}

/** Names of the metadata records that a capture may hold. */
export const metadataName = {
  gap: 'warroom.gap',
  window: 'warroom.window',
  recovered: 'warroom.recovered',
} as const;

export function encodeSamples({ t, v }: Samples): Uint8Array {
  const bytes = new Uint8Array(8 + t.length * 16);
  const view = new DataView(bytes.buffer);
  const second = 4 + t.length * 8;
  view.setUint32(0, t.length, true);
  view.setUint32(second, v.length, true);
  putFloats(bytes, view, 4, t);
  putFloats(bytes, view, second + 4, v);
  return bytes;
}

/** Long runs as they lie in memory (every machine that this runs on is little-endian); for short ones that costs more. */
function putFloats(bytes: Uint8Array, view: DataView, at: number, values: Float64Array): void {
  if (values.length >= 64) return bytes.set(bytesOf(values), at);
  for (let i = 0; i < values.length; i++) view.setFloat64(at + i * 8, values[i]!, true);
}

/** Throws a RangeError when the counts and the length disagree. */
export function decodeSamples(bytes: Uint8Array): Samples {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  const second = 4 + count * 8;
  if (bytes.length !== 8 + count * 16 || view.getUint32(second, true) !== count)
    throw new RangeError('a block of samples is not as long as it says');
  const t = new Float64Array(count);
  const v = new Float64Array(count);
  bytesOf(t).set(bytes.subarray(4, second));
  bytesOf(v).set(bytes.subarray(second + 4));
  return { t, v };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float64Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** What no parser took, without its device (the channel's) and time (the message's). */
export type Rejected = Pick<RejectedBytes, 'bytes' | 'reason' | 'cut'>;

export function encodeRejected({ bytes, reason, cut }: Rejected): Uint8Array {
  const why = text.encode(reason);
  const out = new Uint8Array(12 + bytes.length + why.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, bytes.length, true);
  out.set(bytes, 4);
  view.setUint32(4 + bytes.length, why.length, true);
  out.set(why, 8 + bytes.length);
  view.setUint32(8 + bytes.length + why.length, cut, true);
  return out;
}

/** MCAP's nanoseconds of a time in microseconds (whole microseconds: beyond that a float64 holds no more). */
export function nanosOf(micros: number): bigint {
  return BigInt(Math.max(0, Math.round(micros))) * 1000n;
}
