import { createLineSplitter, mostLineBytes } from './lines.ts';
import type { TranscriptEvent, TranscriptReader } from './types.ts';

/** Feeds a reader with bytes as they come from a file: the whole of it, or what was added since. */
export interface ByteFeed {
  push(chunk: Uint8Array): void;
  /** The file ends here, at least for now: what was held back is given, and a line without an end is read as it is. */
  end(): void;
}

const decoder = new TextDecoder('utf-8');

export function feedBytes(
  reader: TranscriptReader,
  onEvent: (event: TranscriptEvent) => void,
  most = mostLineBytes,
): ByteFeed {
  const lines = createLineSplitter(
    {
      onLine: (line, source) => reader.push(line, source).forEach(onEvent),
      onTooLong: (head, bytes, source) =>
        reader.pushTooLong(decoder.decode(head), bytes, source).forEach(onEvent),
    },
    most,
  );
  return {
    push: (chunk) => lines.push(chunk),
    end() {
      lines.end();
      reader.flush().forEach(onEvent);
    },
  };
}

/** All events of a transcript that is held as text. */
export function readText(reader: TranscriptReader, text: string): TranscriptEvent[] {
  const events: TranscriptEvent[] = [];
  const feed = feedBytes(reader, (event) => events.push(event));
  feed.push(new TextEncoder().encode(text));
  feed.end();
  return events;
}
