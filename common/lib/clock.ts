/**
 * The host's time axis: monotonic, anchored to the wall clock once at boot (FORMATS, Ledger).
 * All sample times, marks and entries of one start of the host lie on it.
 */
export interface Clock {
  /** Names this start of the host. */
  readonly boot: string;
  /** Integer microseconds since boot; never steps back. */
  mono(): number;
  /** Microseconds since 1970 on the anchored axis: anchor + mono(). */
  now(): number;
}

/** RFC 3339, UTC, milliseconds, from microseconds since 1970. */
export function timestamp(micros: number): string {
  return new Date(Math.floor(micros / 1000)).toISOString();
}

/** Microseconds since 1970 of an RFC 3339 time. NaN when it is none. */
export function microsOf(time: string): number {
  return Date.parse(time) * 1000;
}
