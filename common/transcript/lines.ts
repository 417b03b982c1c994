import type { Source } from './types.ts';

export interface LineHandlers {
  /** A line without its end; empty ones are left out. A view: whoever keeps it copies it. */
  onLine(line: Uint8Array, source: Source): void;
  /** A line longer than may be held, when its end came: its beginning and its length in bytes. */
  onTooLong(head: Uint8Array, bytes: number, source: Source): void;
}

/**
 * Bytes in chunks → lines with their places. Unlike a device's line (common/wire/splitter.ts) one of a transcript ends
 * with LF only, is counted from the file's start, and the last may have no end.
 */
export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** The transcript ends here: a line begun is given as it is. */
  end(): void;
}

const lf = 10;
const cr = 13;
const headBytes = 4096;
const firstBytes = 64 * 1024;
/** A buffer that one long line made larger than this is given back. */
const keptBytes = 1024 * 1024;
export const mostLineBytes = 32 * 1024 * 1024;

/** Holds at most one line of `most` bytes, whatever comes. */
export function createLineSplitter(handlers: LineHandlers, most = mostLineBytes): LineSplitter {
  let line = 1;
  let offset = 0;
  /** The line begun; only its beginning once it is too long. */
  let held = new Uint8Array(firstBytes);
  let heldBytes = 0;
  /** Bytes of the line begun, held or not. */
  let length = 0;

  function hold(part: Uint8Array): void {
    length += part.length;
    const room = (length > most ? headBytes : most) - heldBytes;
    const kept = part.subarray(0, Math.max(0, room));
    if (heldBytes + kept.length > held.length) grow(heldBytes + kept.length);
    held.set(kept, heldBytes);
    heldBytes += kept.length;
  }

  function grow(least: number): void {
    const larger = new Uint8Array(Math.min(most, Math.max(least, held.length * 2)));
    larger.set(held.subarray(0, heldBytes));
    held = larger;
  }

  function endLine(last: Uint8Array, endBytes: number): void {
    const source = { line, offset };
    const bytes = length + last.length;
    // A line that lies in one chunk is not copied.
    if (length === 0 && bytes <= most) give(last, source);
    else {
      hold(last);
      if (bytes <= most) give(held.subarray(0, bytes), source);
      else handlers.onTooLong(held.subarray(0, Math.min(heldBytes, headBytes)), bytes, source);
    }
    line++;
    offset += bytes + endBytes;
    if (held.length > keptBytes) held = new Uint8Array(firstBytes);
    heldBytes = 0;
    length = 0;
  }

  function give(bytes: Uint8Array, source: Source): void {
    const end = bytes.length > 0 && bytes[bytes.length - 1] === cr ? bytes.length - 1 : bytes.length;
    if (end > 0) handlers.onLine(bytes.subarray(0, end), source);
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = chunk.indexOf(lf); at >= 0; at = chunk.indexOf(lf, from)) {
        endLine(chunk.subarray(from, at), 1);
        from = at + 1;
      }
      if (from < chunk.length) hold(chunk.subarray(from));
    },
    end() {
      if (length > 0) endLine(new Uint8Array(0), 0);
    },
  };
}
