/** Where in the transcript something stands, so that a finding can point to it. */
export interface Source {
  /** From 1. */
  line: number;
  /** Bytes from the transcript's start to the start of that line. */
  offset: number;
}

/** Text, bounded: the middle of a long one is taken out, with a mark in its place. */
export interface Excerpt {
  text: string;
  /** UTF-16 units that were taken out; 0 where the text is whole. */
  cut: number;
}

interface Common {
  source: Source;
  /** Microseconds since 1970 by the transcript's own clock; null where it tells none. */
  at: number | null;
  /** The conversation as its format names it; one file may hold many. */
  session: string;
  /** One line of context: the session, or one agent or side chain within it. What one knows the other need not. */
  thread: string;
}

/**
 * Who speaks: `person` gives the agent its task (in a side chain that is the agent that called it), `system` is the
 * harness: instructions, reminders, notices.
 */
export type Role = 'person' | 'agent' | 'system';

export interface MessageEvent extends Common {
  kind: 'message';
  role: Role;
  text: string;
  cut: number;
  /** The model's own thinking, which nobody is shown. */
  isThinking: boolean;
  model: string | null;
}

export interface CallEvent extends Common {
  kind: 'call';
  id: string;
  name: string;
  /** The input, bounded in depth, members and length of texts. */
  input: unknown;
  /** Units of text and members that were left out of `input`. */
  cut: number;
  /** Of the whole input, its members in any order: equal inputs have equal digests in every format. */
  digest: string;
}

export interface ResultEvent extends Common {
  kind: 'result';
  /** The id of its call. */
  call: string;
  /** The tool, where the format or the call tells it. */
  name: string | null;
  text: string;
  cut: number;
  /** UTF-8 bytes of the whole text, or of what was there instead of text (an image). */
  bytes: number;
  /** Of the whole text. */
  digest: string;
  /** Whether the format says that it is a failure; null where it has no flag for that. */
  isError: boolean | null;
  exitCode: number | null;
  httpStatus: number | null;
  /** Stopped before it ended, as by a time-out or a person. */
  isInterrupted: boolean;
}

export interface CompactionEvent extends Common {
  kind: 'compaction';
  /** How it is known: a record of the format, a summary in the system's name, or a drop of input tokens by more than half. */
  marker: 'record' | 'summary' | 'drop';
  /** As the format names it (`auto`, `manual`); null where it tells none. */
  trigger: string | null;
  /** Tokens of context. */
  before: number | null;
  after: number | null;
  /** What the agent was left with in place of what was said. */
  summary: Excerpt | null;
  /** Messages of people and system that it also still has word for word, where the format shows them. */
  carried: Excerpt | null;
}

/** Tokens of one reply of the model. */
export interface UsageEvent extends Common {
  kind: 'usage';
  /** All tokens of the context that was sent, those from a cache included. */
  input: number;
  output: number;
  /** Of `input`, read from a cache. */
  cached: number;
  model: string | null;
}

export interface UnknownEvent extends Common {
  kind: 'unknown';
  why: 'not-json' | 'too-long' | 'unknown-shape';
  /** Bytes of the line. */
  bytes: number;
  /** Its beginning; empty when enough of the unknown was kept already. */
  raw: string;
}

export type TranscriptEvent =
  MessageEvent | CallEvent | ResultEvent | CompactionEvent | UsageEvent | UnknownEvent;

export const transcriptFormats = ['claude-code', 'otel-genai', 'openai-chat'] as const;
export type TranscriptFormat = (typeof transcriptFormats)[number];

/** What a reader saw, whatever it gave. */
export interface ReaderCounts {
  lines: number;
  /** Lines that are no message, and known to be none: bookkeeping of the format. */
  bookkeeping: number;
  /** Lines, messages or spans that were there before: a resumed session repeats what it resumes. */
  repeated: number;
  unknown: number;
}

/** One format's reader. Never throws; its memory is bounded whatever comes. */
export interface TranscriptReader {
  readonly format: TranscriptFormat;
  /**
   * A line without its end. `source` where the caller knows it; else lines are counted, each with one byte of end.
   * What one line says may be given with a later one, in its place in the order.
   */
  push(line: string | Uint8Array, source?: Source): TranscriptEvent[];
  /** A line that was too long to be held: its beginning and its bytes. */
  pushTooLong(head: string, bytes: number, source: Source): TranscriptEvent[];
  /** What was still held back. More lines may follow: a transcript grows. */
  flush(): TranscriptEvent[];
  counts(): ReaderCounts;
}
