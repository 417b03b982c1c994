import type { BulkStream } from '../platform/call.ts';
import type { Tail } from './tail.ts';

/** A page that looks at a session. */
export interface Viewer {
  /** There is more in the tail. */
  more(): void;
  /** Nothing will follow: the stream ends once the page has taken what there is. */
  finish(): void;
}

const maxFrame = 64 * 1024;

/**
 * Sends the tail and then what comes, as fast as the page gives credit. A page never holds up the shell or its
 * recording: one that is behind by more than the tail keeps goes on at its start, and is told how much it did not show.
 */
export function createViewer(tail: Tail, stream: BulkStream): Viewer {
  let next = tail.start;
  let isFinishing = false;
  let isOpen = true;

  const skipText = (bytes: number) =>
    // CAN ends a sequence that was cut, SGR 0 its colours.
    new TextEncoder().encode(`\x18\x1b[0m\r\n[${bytes} bytes not shown here; the recording has them]\r\n`);
  const pump = () => {
    while (isOpen && next < tail.end && stream.credit > 0) {
      if (next < tail.start) {
        const notice = skipText(tail.start - next);
        if (stream.credit < notice.length) return;
        stream.send(notice);
        next = tail.start;
        continue;
      }
      const bytes = tail.read(next, Math.min(stream.credit, maxFrame));
      next += bytes.length;
      stream.send(bytes);
    }
    if (isFinishing && isOpen && next >= tail.end) stream.end();
  };
  stream.onCredit(pump);
  stream.onEnd(() => stream.end());
  stream.onClose(() => {
    isOpen = false;
  });
  pump();
  return {
    more: pump,
    finish: () => {
      isFinishing = true;
      pump();
    },
  };
}
