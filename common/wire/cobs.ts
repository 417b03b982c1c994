/**
 * Consistent Overhead Byte Stuffing (Cheshire and Baker, 1999): bytes without a zero, so that a zero can end a frame.
 * Each group begins with its length plus one and stands for its bytes and, if it is shorter than 254, a zero.
 */
const longestGroup = 254;

/** At most so many bytes come of `length`. */
export const cobsBytes = (length: number) => length + Math.floor(length / longestGroup) + 1;

/** Puts what `bytes[0, length)` becomes at `into[from]`. Answers where it ends. */
export function encodeCobs(bytes: Uint8Array, length: number, into: Uint8Array, from: number): number {
  let mark = from;
  let at = from + 1;
  for (let i = 0; i < length; i++) {
    if (bytes[i] !== 0) into[at++] = bytes[i]!;
    if (bytes[i] !== 0 && at - mark <= longestGroup) continue;
    // A full group at the very end needs no other after it.
    if (bytes[i] !== 0 && i === length - 1) break;
    into[mark] = at - mark;
    mark = at++;
  }
  into[mark] = at - mark;
  return at;
}

/** Puts what `bytes` stand for into `into`. Answers its length, or -1 when they are no COBS or it has no room. */
export function decodeCobs(bytes: Uint8Array, into: Uint8Array): number {
  let at = 0;
  for (let from = 0; from < bytes.length;) {
    const stop = from + bytes[from]!;
    if (stop === from || stop > bytes.length || at + stop - from > into.length) return -1;
    for (let i = from + 1; i < stop; i++) {
      if (bytes[i] === 0) return -1;
      into[at++] = bytes[i]!;
    }
    if (stop - from <= longestGroup && stop < bytes.length) into[at++] = 0;
    from = stop;
  }
  return at;
}
