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
  /** Lines are joined by LF, frames by a zero byte. At most 16 KiB. */
  bytes: Uint8Array;
  reason: string;
  /** Rejected bytes that were counted but not kept since the last message, because there were too many. */
  cut: number;
}

/** One signal that a device of a dialect gives. `column` names it within its device: "<device>/<column>" is the channel. */
export interface DialectColumn {
  column: string;
  name: string;
  unit: string;
  kind: ChannelInfo['kind'];
}

/** `error`: the firmware says that it cannot measure. */
export type RemarkSeverity = 'info' | 'warning' | 'error';

/** What a firmware says about itself in a line of its own, as `HX711 not found.` */
export interface Remark {
  /** When it was read, microseconds since 1970 on the host's axis. */
  at: number;
  text: string;
  severity: RemarkSeverity;
}

/** Where a parser puts what a line says. Nothing may be put here for a line that is then refused. */
export interface ReadingSink {
  /**
   * Begins a moment: what is added next was measured together, each column once. Moments rise. `deviceTime`: the
   * device's own time of it in microseconds; NaN where the line has none.
   */
  moment(deviceTime: number): void;
  /** One value of the moment. `column` is an index of `Dialect.columns`, `value` is finite. */
  add(column: number, value: number): void;
  /** The line is text about the device and no measurement. */
  remark(text: string, severity: RemarkSeverity): void;
}

/** What of a dialect differs from firmware to firmware. Which ones a dialect heeds: `optionsOf` in index.ts. */
export interface DialectOptions {
  /** The decimal separator that is printed: '.' unless told. */
  decimal?: '.' | ',' | undefined;
  /** Whether level 0 means a broken beam: true unless told. The column is 0 for broken either way. */
  activeLow?: boolean | undefined;
  /** Whether raw counts have their zero at 8388608, and not two's complement: false unless told. */
  offsetBinary?: boolean | undefined;
}

/** How one dialect of firmware speaks. Pure: no clock, no I/O. */
export interface Dialect {
  readonly name: string;
  /**
   * Columns that a device of this dialect has. Where only its lines tell them the list grows as they come, to
   * `mostColumns`; none is ever moved or taken away.
   */
  readonly columns: readonly DialectColumn[];
  /** What ends a line: LF, CRLF or CR; or a zero byte, for binary frames. */
  readonly ends: 'line' | 'zero';
  /** Longest line taken, in bytes; longer ones are rejected whole. */
  readonly maxLineBytes: number;
  /**
   * Puts what the line says into `out`; false, and nothing put, when the line is not of this dialect. `line` is a view
   * of a buffer that is used again. May keep state between lines.
   */
  parse(line: Uint8Array, out: ReadingSink): boolean;
  /** How many samples or events the device's own numbers say never came, since this was last asked. */
  takeLost?(): number;
}

/** Most columns of one device. */
export const mostColumns = 32;
