/** What a link does to lines. */
import { utf8 } from '../../../common/lib/bytes.ts';
import type { Board, PrintedLine } from '../../../main/drill/boards/board.ts';
import { uniform } from '../../../main/drill/signal/random.ts';

const garbage = 0.01;
/** Seconds between two short gaps, and how long they are. */
const gaps = { every: 40, least: 0.1, most: 1.2 };
const stream = { line: 9001, gap: 9002, bytes: 9003 };

/** The bytes of the lines that a board sends until a time, as they come at the other end. */
export type Link = (until: number) => Uint8Array[];

/** A link that changes nothing. */
export function cleanLink(board: Board): Link {
  return (until) => Array.from(board.lines(until), (line) => bytesOf(board, line));
}

/**
 * A link as links are: one line in a hundred comes as other bytes, is cut so that the next one is joined to it, or has bytes
 * before it; every forty seconds or so nothing comes for up to 1.2 s, and what was sent then is lost. `which`: another link
 * of the same seed.
 */
export function dirtyLink(board: Board, seed: number, which: number): Link {
  let line = 0;
  const draw = (of: number, index: number) => uniform(seed, of + 10 * which, index);

  function spoil(bytes: Uint8Array): Uint8Array {
    const kind = draw(stream.line, line * 2 + 1);
    if (kind < 0.4) return bytes.subarray(0, Math.floor(draw(stream.bytes, line) * (bytes.length - 1)));
    const noise = Uint8Array.from(
      { length: 12 },
      (_, i) => 128 + Math.floor(120 * draw(stream.bytes, line * 13 + i)),
    );
    if (kind < 0.8) return new Uint8Array([...noise, ...bytes.subarray(-1)]);
    return new Uint8Array([...noise, ...bytes]);
  }

  function isInGap(time: number): boolean {
    const index = Math.floor(time / gaps.every);
    const start = gaps.every * (index + 0.8 * draw(stream.gap, index * 2));
    const length = gaps.least + (gaps.most - gaps.least) * draw(stream.gap, index * 2 + 1);
    return time >= start && time < start + length;
  }

  return (until) => {
    const sent: Uint8Array[] = [];
    for (const printed of board.lines(until)) {
      line++;
      if (isInGap(printed.t)) continue;
      const bytes = bytesOf(board, printed);
      sent.push(draw(stream.line, line * 2) < garbage ? spoil(bytes) : bytes);
    }
    return sent;
  };
}

const bytesOf = ({ lineEnd }: Board, { line }: PrintedLine) =>
  typeof line === 'string' ? utf8(line + lineEnd) : line.slice();
