import { cutText } from '../lib/cut-text.ts';
import { boundedInput, excerpt, utf8Length } from './bounds.ts';
import { digestOf, digestOfJson } from './digest.ts';
import { bytesOf, parseLine, type ParsedLine } from './parse-line.ts';
import type {
  CallEvent,
  MessageEvent,
  ReaderCounts,
  ResultEvent,
  Role,
  Source,
  TranscriptEvent,
  TranscriptFormat,
  TranscriptReader,
  UnknownEvent,
} from './types.ts';

/** What the events of one place have in common. */
export interface Place {
  source: Source;
  at: number | null;
  session: string;
  thread: string;
}

/** What differs from format to format. */
export interface LineHandler {
  /** Puts what the line says into `out`. False where it is of no known shape. */
  take(json: Record<string, unknown> | unknown[], source: Source, out: TranscriptEvent[]): boolean;
  /** Puts what was held back into `out`. */
  flush(out: TranscriptEvent[]): void;
}

const mostRawKept = 64 * 1024;
const mostRawOfOne = 1024;

/** A reader of a format that has one JSON value a line. */
export function createJsonLineReader(
  format: TranscriptFormat,
  counts: ReaderCounts,
  handler: LineHandler,
): TranscriptReader {
  let next: Source = { line: 1, offset: 0 };
  let rawKept = 0;

  function unknown(why: UnknownEvent['why'], text: string, bytes: number, source: Source): UnknownEvent {
    counts.unknown++;
    const raw = rawKept >= mostRawKept ? '' : cutText(text, mostRawOfOne).toWellFormed();
    rawKept += raw.length;
    return { kind: 'unknown', why, bytes, raw, source, at: null, session: '', thread: '' };
  }

  function begin(bytes: number, source: Source | undefined): Source {
    counts.lines++;
    const at = source ?? next;
    next = { line: at.line + 1, offset: at.offset + bytes + 1 };
    return at;
  }

  function takeParsed({ json, text }: ParsedLine, bytes: number, source: Source): TranscriptEvent[] {
    if (json === null) return text.trim() === '' ? [] : [unknown('not-json', text, bytes, source)];
    const events: TranscriptEvent[] = [];
    const isKnown = handler.take(json, source, events);
    if (!isKnown) events.push(unknown('unknown-shape', text, bytes, source));
    return events;
  }

  return {
    format,
    push(line, source) {
      const bytes = bytesOf(line);
      return takeParsed(parseLine(line), bytes, begin(bytes, source));
    },
    pushTooLong: (head, bytes, source) => [unknown('too-long', head, bytes, begin(bytes, source))],
    flush() {
      const events: TranscriptEvent[] = [];
      handler.flush(events);
      return events;
    },
    counts: () => ({ ...counts }),
  };
}

export const newCounts = (): ReaderCounts => ({ lines: 0, bookkeeping: 0, repeated: 0, unknown: 0 });

export function messageEvent(
  place: Place,
  role: Role,
  text: string,
  more: { isThinking?: boolean; model?: string | null } = {},
): MessageEvent {
  const { isThinking = false, model = null } = more;
  return { kind: 'message', ...place, role, ...excerpt(text), isThinking, model };
}

export function callEvent(place: Place, id: string, name: string, input: unknown): CallEvent {
  return {
    kind: 'call',
    ...place,
    id: cutText(id, 256),
    name: cutText(name, 256),
    ...boundedInput(input),
    digest: digestOfJson(input),
  };
}

/** What a format tells of a result besides its text. */
export type ResultNote = Partial<
  Pick<ResultEvent, 'isError' | 'exitCode' | 'httpStatus' | 'isInterrupted' | 'bytes'>
>;

export function resultEvent(
  place: Place,
  call: string,
  name: string | null,
  text: string,
  note: ResultNote,
): ResultEvent {
  return {
    kind: 'result',
    ...place,
    call: cutText(call, 256),
    name: name === null ? null : cutText(name, 256),
    ...excerpt(text),
    bytes: note.bytes ?? utf8Length(text),
    digest: digestOf(text),
    isError: note.isError ?? null,
    exitCode: note.exitCode ?? null,
    httpStatus: note.httpStatus ?? null,
    isInterrupted: note.isInterrupted ?? false,
  };
}
