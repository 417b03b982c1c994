/**
 * What the rig's boards print: the lines of real firmware, from what its sensors measure. A board is asked for all that it
 * would have printed up to a moment, so a late timer loses nothing.
 */
import type { DeviceSpec } from '../../../common/contract/devices.ts';
import { concat, utf8 } from '../../../common/lib/bytes.ts';

/** A board on a serial line. Times are seconds since the rig started. */
export interface Board {
  readonly dialect: DeviceSpec['dialect'];
  /** Everything due until `time` that was not printed yet, line by line, without what ends a line. */
  lines(time: number): Iterable<PrintedLine>;
  /** What stands at the end of a line; nothing where lines are whole as they are. */
  readonly lineEnd: string;
}

export interface PrintedLine {
  t: number;
  /** Text, or the bytes of a frame with the zeros around it. */
  line: string | Uint8Array;
}

/** The bytes that a board sends until `time`. */
export function printUntil(board: Board, time: number): Uint8Array {
  let text = '';
  const frames: Uint8Array[] = [];
  for (const { line } of board.lines(time))
    if (typeof line === 'string') text += line + board.lineEnd;
    else frames.push(line);
  return text ? utf8(text) : concat(...frames);
}
