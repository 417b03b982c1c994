/** Data known to be missing, [from, to) in microseconds since 1970. */
export interface Gap {
  from: number;
  to: number;
  reason: string;
}

/** Answers whether a value sampled at `since` still holds at `at`. */
export type Holder = (since: number, at: number) => boolean;

/** When the gaps begin, in order: what a holder needs of them. */
export function startsOf(log: readonly Gap[]): Float64Array {
  return Float64Array.from(log.filter((gap) => gap.to > gap.from).map((gap) => gap.from)).sort();
}

/**
 * To be asked with rising times. A gap that began since a value was sampled ends it, until the next sample: what
 * happened in between is not known. Neither is it after `heardUntil`.
 */
export function createHolder(starts: Float64Array, heardUntil: number): Holder {
  let next = 0;
  return (since, at) => {
    if (at > heardUntil) return false;
    while (next < starts.length && starts[next]! < since) next++;
    return !(next < starts.length && starts[next]! <= at);
  };
}
