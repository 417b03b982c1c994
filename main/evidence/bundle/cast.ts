/** asciicast v2 from a session's raw bytes and util-linux timing (FORMATS, Terminal). */
import { WarroomError } from '../../../common/lib/errors.ts';

/** One line of a timing file; times in seconds since the line before. */
export type TimingLine =
  | { kind: 'H'; elapsed: number; name: string; value: string }
  | { kind: 'O' | 'I'; elapsed: number; bytes: number }
  | { kind: 'S'; elapsed: number; rows: number; cols: number };

/** A command that began at this offset of the session's bytes: a marker in the cast. */
export interface CastMark {
  offset: number;
  entry: string;
}

/** Reads a timing file. Throws `damaged` at a line that is none. */
export function parseTiming(text: string): TimingLine[] {
  return text
    .split('\n')
    .filter((line) => line.length > 0)
    .map(parseTimingLine);
}

function parseTimingLine(line: string): TimingLine {
  const [kind = '', time = '', ...rest] = line.split(' ');
  const elapsed = Number(time);
  if (!Number.isFinite(elapsed) || elapsed < 0) throw wrong(line);
  if (kind === 'H') return { kind, elapsed, name: rest[0] ?? '', value: rest.slice(1).join(' ') };
  if (kind === 'O' || kind === 'I') {
    const bytes = Number(rest[0]);
    if (!Number.isSafeInteger(bytes) || bytes < 0) throw wrong(line);
    return { kind, elapsed, bytes };
  }
  const size = /^SIGWINCH ROWS=(\d+) COLS=(\d+)$/.exec(rest.join(' '));
  if (kind !== 'S' || !size) throw wrong(line);
  return { kind, elapsed, rows: Number(size[1]), cols: Number(size[2]) };
}

const wrong = (line: string) =>
  new WarroomError('damaged', `This is no line of a timing file: "${line.slice(0, 80)}".`);

/** The lines of the cast, each with its line feed. Output is decoded as UTF-8, U+FFFD for what is not. */
export function* castLines(
  timing: TimingLine[],
  bytes: Uint8Array,
  marks: readonly CastMark[],
): Generator<string> {
  const header = (name: string) => timing.find((line) => line.kind === 'H' && line.name === name);
  const number = (name: string, otherwise: number) => {
    const line = header(name);
    return line?.kind === 'H' && /^\d+$/.test(line.value) ? Number(line.value) : otherwise;
  };
  const start = header('START_TIME');
  const startedAt = start?.kind === 'H' ? Date.parse(start.value.replace(' ', 'T')) : NaN;
  const timestamp = Number.isNaN(startedAt) ? {} : { timestamp: Math.floor(startedAt / 1000) };
  yield `${JSON.stringify({ version: 2, width: number('COLUMNS', 80), height: number('LINES', 24), ...timestamp })}\n`;
  // One decoder for the whole output: a character may be split between two reads.
  const output = new TextDecoder('utf-8', { ignoreBOM: true });
  const input = new TextDecoder('utf-8', { ignoreBOM: true });
  const left = [...marks].sort((a, b) => a.offset - b.offset);
  let seconds = 0;
  let offset = 0;
  const event = (code: string, data: string) =>
    `[${seconds.toFixed(6)}, ${JSON.stringify(code)}, ${JSON.stringify(data)}]\n`;
  for (const line of timing) {
    seconds += line.elapsed;
    if (line.kind === 'S') yield event('r', `${line.cols}x${line.rows}`);
    if (line.kind !== 'O' && line.kind !== 'I') continue;
    // A command that begins within a piece is marked before it: its first output is in there.
    while (left[0] && left[0].offset < offset + line.bytes) yield event('m', left.shift()!.entry);
    const chunk = bytes.subarray(offset, offset + line.bytes);
    if (chunk.length !== line.bytes)
      throw new WarroomError('damaged', 'The timing names more bytes than were recorded.');
    offset += line.bytes;
    const text = (line.kind === 'O' ? output : input).decode(chunk, { stream: true });
    if (text) yield event(line.kind === 'O' ? 'o' : 'i', text);
  }
  const rest = output.decode();
  if (rest) yield event('o', rest);
  for (const mark of left) yield event('m', mark.entry);
  if (offset !== bytes.length)
    throw new WarroomError('damaged', 'More bytes were recorded than the timing names.');
}
