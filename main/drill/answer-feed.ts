/** A service's answers as it makes them, for whoever listens: server-sent events and WebSockets. */
import type { ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';

/** The answers of a service, numbered from 0 as it makes them. */
export interface AnswerSource {
  /** How many there are by now. */
  count(): number;
  answer(index: number): object;
}

export interface AnswerFeed {
  /** Sends what is made from now on, until they go away. */
  toEvents(response: ServerResponse): void;
  toSocket(socket: WebSocket): void;
  /** Everybody is let go. */
  close(): void;
}

interface Listener {
  send(index: number, text: string): void;
  drop(): void;
}

const lookEveryMs = 50;

/** `later`: how the service lets its answers wait, while it is slow. */
export function createAnswerFeed(source: AnswerSource, later: (work: () => void) => void): AnswerFeed {
  const listeners = new Set<Listener>();
  let sent = 0;
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    for (const count = source.count(); sent < count; sent++) {
      const index = sent;
      const text = JSON.stringify(source.answer(index));
      for (const listener of listeners) later(() => listeners.has(listener) && listener.send(index, text));
    }
  }

  function add(listener: Listener, gone: NodeJS.EventEmitter): void {
    if (listeners.size === 0) {
      sent = source.count();
      timer = setInterval(look, lookEveryMs);
    }
    listeners.add(listener);
    gone.once('close', () => {
      listeners.delete(listener);
      if (listeners.size === 0) clearInterval(timer);
    });
  }

  return {
    toEvents(response) {
      // Whoever asked may be gone by the time a slow service comes to it.
      if (response.destroyed) return;
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.flushHeaders();
      const send = (index: number, text: string) => void response.write(`id: ${index}\ndata: ${text}\n\n`);
      add({ send, drop: () => response.destroy() }, response);
    },
    toSocket(socket) {
      // One that breaks is closed next.
      socket.on('error', () => socket.terminate());
      add({ send: (_index, text) => socket.send(text), drop: () => socket.terminate() }, socket);
    },
    close() {
      for (const listener of [...listeners]) listener.drop();
    },
  };
}
