/** One transcript from its file: in the order of its lines, as much of its end as there is room for. */
import { open, type FileHandle } from 'node:fs/promises';
import {
  createTranscriptReader,
  detectFormat,
  feedBytes,
  type Source,
  type TranscriptEvent,
  type TranscriptFormat,
  type TranscriptReader,
} from '../../../common/transcript/index.ts';
import type { FoundFile } from './find-files.ts';
import { createFacts, type FactsOptions, type TranscriptFacts } from './transcript-facts.ts';

export interface TranscriptFile extends FoundFile {
  /** As the profile tells it or as its first lines look; null where they look like none. */
  format: TranscriptFormat | null;
  /** The first line that was read: 1, or more where the beginning was left out. */
  fromLine: number;
  /** Lines read, and of them what is no line of the format: torn or unknown. */
  lines: number;
  unread: { count: number; first: Source | null };
  /** Messages, calls, results. */
  events: number;
  facts: TranscriptFacts;
}

export interface ReadOptions extends FactsOptions {
  format: TranscriptFormat | 'auto';
  /** Bytes that may be read. */
  room: number;
  signal: AbortSignal;
}

/** To tell the format by: some lines, or one long one. */
const headBytes = [64 * 1024, 8 * 1024 * 1024];
const mostHeadLines = 50;
const leastConfidence = 0.3;
/** Taken apart in one go: some ten milliseconds. */
const chunkBytes = 64 * 1024;

/** Throws what the file system throws. */
export async function readTranscript(file: FoundFile, options: ReadOptions): Promise<TranscriptFile> {
  const handle = await open(file.path, 'r');
  try {
    const format = options.format === 'auto' ? await formatOf(handle, file.bytes) : options.format;
    const from = await startOf(handle, Math.max(0, file.bytes - options.room), options.signal);
    const facts = createFacts(options, from.offset === 0);
    const unread: TranscriptFile['unread'] = { count: 0, first: null };
    let events = 0;
    const reader = format && startingAt(createTranscriptReader(format), from);
    if (reader)
      await feed(handle, reader, { from: from.offset, to: file.bytes, signal: options.signal }, (event) => {
        if (event.kind === 'unknown') {
          unread.count++;
          unread.first ??= event.source;
        } else events++;
        facts.take(event);
      });
    const lines = reader?.counts().lines ?? 0;
    return { ...file, format, fromLine: from.line, lines, unread, events, facts: facts.facts() };
  } finally {
    await handle.close();
  }
}

async function formatOf(handle: FileHandle, bytes: number): Promise<TranscriptFormat | null> {
  for (const most of headBytes) {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(Math.min(most, bytes)), 0, null, 0);
    const lines = new TextDecoder().decode(buffer.subarray(0, bytesRead)).split('\n');
    // The last is cut, unless the file ends here.
    if (bytesRead < bytes && lines.length > 1) lines.pop();
    const [guess] = detectFormat(lines.slice(0, mostHeadLines));
    if (guess && guess.confidence >= leastConfidence) return guess.format;
    if (bytesRead >= bytes) break;
  }
  return null;
}

/** Where the first whole line after `offset` begins, and its number. */
async function startOf(handle: FileHandle, offset: number, signal: AbortSignal): Promise<Source> {
  const at: Source = { line: 1, offset: 0 };
  if (offset === 0) return at;
  for await (const { chunk, position } of chunksOf(handle, { from: 0, to: Infinity, signal }))
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, end + 1)) {
      Object.assign(at, { line: at.line + 1, offset: position + end + 1 });
      if (at.offset >= offset) return at;
    }
  return at;
}

interface Range {
  from: number;
  to: number;
  signal: AbortSignal;
}

async function feed(
  handle: FileHandle,
  reader: TranscriptReader,
  range: Range,
  onEvent: (event: TranscriptEvent) => void,
): Promise<void> {
  const bytes = feedBytes(reader, onEvent);
  for await (const { chunk } of chunksOf(handle, range)) bytes.push(chunk);
  bytes.end();
}

async function* chunksOf(handle: FileHandle, { from, to, signal }: Range) {
  const buffer = new Uint8Array(chunkBytes);
  for (let position = from; position < to;) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, 0, Math.min(chunkBytes, to - position), position);
    if (bytesRead === 0) return;
    yield { chunk: buffer.subarray(0, bytesRead), position };
    position += bytesRead;
  }
}

/** Lines are numbered from the file's start, wherever reading began. */
function startingAt(reader: TranscriptReader, { line, offset }: Source): TranscriptReader {
  const moved = (source: Source): Source => ({
    line: source.line + line - 1,
    offset: source.offset + offset,
  });
  return {
    ...reader,
    push: (text, source) => reader.push(text, source && moved(source)),
    pushTooLong: (head, bytes, source) => reader.pushTooLong(head, bytes, moved(source)),
  };
}
