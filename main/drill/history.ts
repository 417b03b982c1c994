/** What boards printed before anybody listened, with the moments at which it would have been read. */
import { utf8 } from '../../common/lib/bytes.ts';
import type { Board } from './boards/board.ts';

/**
 * What a board printed, in chunks as a reader of its port would get them: chunk `i` is `bytes` up to `ends[i]` from where the
 * one before ends, and was there at `seconds[i]` since the rig started.
 */
export interface BoardHistory {
  bytes: Uint8Array;
  ends: Uint32Array;
  seconds: Float64Array;
}

/** Takes down what a board prints. Nothing of it is left for its port. */
export interface HistoryWriter {
  /** Up to a moment in seconds since the rig started. */
  writeUntil(time: number): void;
  take(): BoardHistory;
}

/** `tick`: seconds from one chunk to the next, as the rig's timer has it. */
export function createHistoryWriter(board: Board, tick: number): HistoryWriter {
  const parts: Uint8Array[] = [];
  const ends: number[] = [];
  const seconds: number[] = [];
  let length = 0;
  return {
    writeUntil(time) {
      for (const { t, line } of board.lines(time)) {
        const part = typeof line === 'string' ? utf8(line + board.lineEnd) : line;
        const at = Math.min(time, Math.ceil(t / tick) * tick);
        parts.push(part);
        length += part.length;
        if (seconds.at(-1) !== at) seconds.push(at);
        ends[seconds.length - 1] = length;
      }
    },
    take() {
      const bytes = new Uint8Array(length);
      let from = 0;
      for (const part of parts) {
        bytes.set(part, from);
        from += part.length;
      }
      return { bytes, ends: Uint32Array.from(ends), seconds: Float64Array.from(seconds) };
    },
  };
}
