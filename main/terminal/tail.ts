/** The last bytes of a session, for pages that attach or fall behind. Offsets are into the session's bytes. */
export interface Tail {
  /** The first byte still kept. */
  readonly start: number;
  /** One past the last byte. */
  readonly end: number;
  add(bytes: Uint8Array): void;
  /** A copy of at most `limit` bytes from `from`, which lies in [start, end]. */
  read(from: number, limit: number): Uint8Array;
}

/** Keeps the last `capacity` bytes. `end`: the offset at which it begins. */
export function createTail(capacity: number, end = 0): Tail {
  const ring = new Uint8Array(capacity);
  const first = end;
  return {
    get start() {
      return Math.max(first, end - capacity);
    },
    get end() {
      return end;
    },
    add: (bytes) => {
      const kept = bytes.length > capacity ? bytes.subarray(bytes.length - capacity) : bytes;
      end += bytes.length;
      const at = (end - kept.length) % capacity;
      const untilWrap = Math.min(kept.length, capacity - at);
      ring.set(kept.subarray(0, untilWrap), at);
      ring.set(kept.subarray(untilWrap), 0);
    },
    read: (from, limit) => {
      const length = Math.min(limit, end - from);
      const at = from % capacity;
      const untilWrap = Math.min(length, capacity - at);
      const result = new Uint8Array(length);
      result.set(ring.subarray(at, at + untilWrap));
      result.set(ring.subarray(0, length - untilWrap), untilWrap);
      return result;
    },
  };
}
