import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromSystem } from '../../common/lib/errors.ts';

/** What a route answers: JSON, unless it says otherwise. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
}
export type Routes = Record<string, (query: URLSearchParams, request: IncomingMessage) => Answer>;

/** One of the rig's services on 127.0.0.1. It can be made slow, and taken down and up again on the same port. */
export interface HttpService {
  readonly name: string;
  readonly url: string;
  /** Answers wait so many milliseconds; 0: none. */
  setSlow(delayMs: number): void;
  setDown(isDown: boolean): Promise<void>;
  close(): Promise<void>;
}

/** Starts a service on `wanted`, or on a free port when that is taken (0: always a free one). */
export async function startService(name: string, wanted: number, routes: Routes): Promise<HttpService> {
  let delayMs = 0;
  const waiting = new Set<NodeJS.Timeout>();
  const server = createServer((request, response) => {
    if (delayMs === 0) return answer(routes, request, response);
    const timer = setTimeout(() => {
      waiting.delete(timer);
      answer(routes, request, response);
    }, delayMs);
    waiting.add(timer);
  });
  const port = await listenOrFree(server, wanted);
  const stop = async () => {
    for (const timer of waiting) clearTimeout(timer);
    waiting.clear();
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    setSlow: (millis) => {
      delayMs = millis;
    },
    setDown: async (isDown) => {
      if (isDown) await stop();
      else if (!server.listening) await listen(server, port);
    },
    close: stop,
  };
}

function answer(routes: Routes, request: IncomingMessage, response: ServerResponse): void {
  const { status = 200, headers = {}, body } = answerOf(routes, request);
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'Content-Type': isText ? 'text/html; charset=utf-8' : 'application/json',
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

function answerOf(routes: Routes, request: IncomingMessage): Answer {
  // What a request asks for need not be an address: `//` is none.
  const url = URL.parse(request.url ?? '/', 'http://rig');
  if (!url) return { status: 400, body: { detail: 'Bad Request' } };
  if (request.method !== 'GET') return { status: 405, body: { detail: 'Method Not Allowed' } };
  return routes[url.pathname]?.(url.searchParams, request) ?? { status: 404, body: { detail: 'Not Found' } };
}

async function listenOrFree(server: Server, wanted: number): Promise<number> {
  try {
    return await listen(server, wanted);
  } catch (error) {
    if (wanted === 0 || (error as { data?: { code?: string } }).data?.code === undefined) throw error;
    return listen(server, 0);
  }
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const typed = fromSystem(error, `Starting a service of the rig on 127.0.0.1:${port}`);
      reject(Object.assign(typed, { data: { code: error.code } }));
    };
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      resolve();
    });
  });
  return (server.address() as AddressInfo).port;
}
