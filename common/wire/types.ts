import type { ChannelInfo } from '../incident/entries.ts';

/** A run of samples of one channel. Times are microseconds since 1970 on the host's axis, rising. */
export interface SampleBlock {
  /** "<device>/<column>" */
  channel: string;
  /** Number of the block of this channel since the device was added, from 0: a jump is a loss. */
  seq: number;
  t: Float64Array;
  v: Float64Array;
  /** The device's own time of the last sample in microseconds, where it sends one. */
  deviceTime?: number;
}

/** Bytes that no parser took, as they came. */
export interface RejectedBytes {
  device: string;
  at: number;
  /** Lines are joined by LF. At most 16 KiB. */
  bytes: Uint8Array;
  reason: string;
  /** Rejected bytes that were counted but not kept since the last message, because there were too many. */
  cut: number;
}

/** One value that a line gave. `column` names the channel within its device. */
export interface Reading {
  column: string;
  value: number;
  /** The device's own time in microseconds, where the line has one. */
  deviceTime?: number;
}

/** How one dialect of firmware speaks. Pure: no clock, no I/O. */
export interface Dialect {
  readonly name: string;
  /** Channels that a device of this dialect has, as `Reading.column` names them. */
  readonly columns: readonly { column: string; name: string; unit: string; kind: ChannelInfo['kind'] }[];
  /** Longest line taken, in bytes; longer ones are rejected whole. */
  readonly maxLineBytes: number;
  /** What the line says, or null when it is not of this dialect. May keep state between lines. */
  parse(line: Uint8Array): Reading[] | null;
  /** How many events the device's own numbers say never came, since this was last asked. */
  takeLost?(): number;
}
