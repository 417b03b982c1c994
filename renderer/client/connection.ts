import { problemOf, type Problem } from './api.ts';
import type { Transport } from './transport.ts';

const firstDelayMs = 250;
const longestDelayMs = 5_000;

export interface ConnectionEvents {
  /** A new link is up. */
  up(transport: Transport): void;
  /** The link is gone, or did not come up; it is tried again. */
  down(problem: Problem): void;
  /** The host does not know this page: no try will help. */
  refused(problem: Problem): void;
}

export interface Connection {
  /** Tries at once instead of waiting. */
  retry(): void;
  close(): void;
}

/** Keeps one link up: a lost one is opened again, with growing pauses between tries. */
export function createConnection(open: () => Promise<Transport>, events: ConnectionEvents): Connection {
  let delay = firstDelayMs;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let current: Transport | null = null;
  let isClosed = false;
  let isOpening = false;

  const later = (problem: Problem) => {
    if (isClosed) return;
    events.down(problem);
    timer = setTimeout(() => void attempt(), delay);
    delay = Math.min(delay * 2, longestDelayMs);
  };
  const attempt = async () => {
    if (isClosed || isOpening || current) return;
    isOpening = true;
    try {
      const transport = await open();
      if (isClosed) return transport.close();
      current = transport;
      delay = firstDelayMs;
      events.up(transport);
      transport.onLost((reason) => {
        current = null;
        later({ code: 'unavailable', message: reason, hint: '' });
      });
    } catch (error) {
      const problem = problemOf(error);
      if (problem?.code === 'denied') events.refused(problem);
      else later(problem ?? { code: 'unavailable', message: 'The host does not answer.', hint: '' });
    } finally {
      isOpening = false;
    }
  };
  void attempt();
  return {
    retry() {
      clearTimeout(timer);
      void attempt();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      current?.close();
    },
  };
}
