/** What a splitter calls. The arrays are views: whoever keeps one copies it. */
export interface SplitterHandlers {
  /** A line without its end, 1 to `maxLineBytes` bytes. */
  onLine(line: Uint8Array): void;
  /** A part of a line that is too long or was cut short, at most `maxLineBytes` bytes; `last` ends that line. */
  onRejected(part: Uint8Array, last: boolean, why: 'too-long' | 'cut-short'): void;
}

/** Bytes in chunks → lines (or frames). Holds at most one of `maxLineBytes`, whatever comes. */
export interface Splitter {
  push(chunk: Uint8Array): void;
  /** The link ended: a line begun is rejected as cut short, and the next byte begins a new one. */
  end(): void;
}

const lf = 10;
const cr = 13;
const nothing = new Uint8Array(0);

/**
 * A line ends with LF, CRLF or a lone CR, a frame (`ends` is zero) with a zero byte; empty ones are none. One over `maxLineBytes` is rejected whole and
 * handed on in parts as it comes, until its end: there the splitter is in step again, so that garbage costs at most
 * the line it stands in. A line that lies in one chunk is not copied.
 */
export function createSplitter(
  maxLineBytes: number,
  handlers: SplitterHandlers,
  ends: 'line' | 'zero' = 'line',
): Splitter {
  const [end, largestEnd] = ends === 'line' ? [lf, cr] : [0, 0];
  const held = new Uint8Array(maxLineBytes);
  let heldBytes = 0;
  let rejecting = false;

  /** Rejects what is held, then `chunk[from, to)`, in parts. */
  function reject(
    chunk: Uint8Array,
    from: number,
    to: number,
    isEnd: boolean,
    why: 'too-long' | 'cut-short',
  ): void {
    rejecting = !isEnd;
    if (heldBytes > 0) {
      const part = held.subarray(0, heldBytes);
      heldBytes = 0;
      handlers.onRejected(part, isEnd && from === to, why);
      if (from === to) return;
    }
    if (from === to && isEnd) handlers.onRejected(nothing, true, why);
    for (let at = from; at < to; at += maxLineBytes) {
      const stop = Math.min(to, at + maxLineBytes);
      handlers.onRejected(chunk.subarray(at, stop), isEnd && stop === to, why);
    }
  }

  function hold(chunk: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at++) held[heldBytes++] = chunk[at]!;
  }

  /** `chunk[from, to)` is followed by the end of its line. */
  function endLine(chunk: Uint8Array, from: number, to: number): void {
    const length = heldBytes + to - from;
    if (rejecting || length > maxLineBytes) return reject(chunk, from, to, true, 'too-long');
    if (length === 0) return;
    if (heldBytes === 0)
      return handlers.onLine(new Uint8Array(chunk.buffer, chunk.byteOffset + from, length));
    hold(chunk, from, to);
    heldBytes = 0;
    handlers.onLine(held.subarray(0, length));
  }

  return {
    push(chunk) {
      let from = 0;
      for (let at = 0; at < chunk.length; at++) {
        const byte = chunk[at]!;
        if (byte > largestEnd || (byte !== end && byte !== largestEnd)) continue;
        endLine(chunk, from, at);
        from = at + 1;
      }
      if (from === chunk.length) return;
      if (rejecting || heldBytes + chunk.length - from > maxLineBytes)
        reject(chunk, from, chunk.length, false, 'too-long');
      else hold(chunk, from, chunk.length);
    },
    end() {
      if (rejecting || heldBytes > 0) reject(nothing, 0, 0, true, rejecting ? 'too-long' : 'cut-short');
    },
  };
}
