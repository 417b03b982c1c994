import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { fromSystem } from '../../common/lib/errors.ts';
import { createAnswerFeed, type AnswerSource } from './answer-feed.ts';

/** What a route answers: JSON, unless it says otherwise. */
export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body: unknown;
  /** It is never given: who asked waits. */
  hangs?: boolean;
}

/** A question to a service. */
export interface Asked {
  path: string;
  query: URLSearchParams;
  request: IncomingMessage;
  /** Seconds since the rig started. */
  now: number;
  /** Seconds since what alters the answer began. */
  since: number;
  /** How many were asked before it. */
  count: number;
}
export type Routes = Record<string, (asked: Asked) => Answer>;

/** What a service is asked for, and what it sends by itself: at `/stream` as events, at `/ws` as a WebSocket. */
export interface ServiceKind {
  routes: Routes;
  answers?: AnswerSource;
  /** Seconds since the rig started. */
  elapsed(): number;
  /** What the clock of its machine says. */
  date(): Date;
  /** What is answered in the end. `at`: what the routes answer as of a moment. */
  answer(asked: Asked, at: (now: number) => Answer): Answer;
}

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
export async function startService(name: string, wanted: number, kind: ServiceKind): Promise<HttpService> {
  const { answers } = kind;
  let delayMs = 0;
  let count = 0;
  const waiting = new Set<NodeJS.Timeout>();
  const later = (work: () => void): void => {
    if (delayMs === 0) return work();
    const timer = setTimeout(() => {
      waiting.delete(timer);
      work();
    }, delayMs);
    waiting.add(timer);
  };
  const feed = answers && createAnswerFeed(answers, later);
  const server = createServer((request, response) => {
    const isFeed = feed && request.method === 'GET' && pathOf(request) === '/stream';
    later(() => (isFeed ? feed.toEvents(response) : answer(kind, count++, request, response)));
  });
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    if (!feed || pathOf(request) !== '/ws') return socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    later(() => sockets.handleUpgrade(request, socket, head, feed.toSocket));
  });
  const port = await listenOrFree(server, wanted);
  const stop = async () => {
    for (const timer of waiting) clearTimeout(timer);
    waiting.clear();
    feed?.close();
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

/** What a request asks for need not be an address: `//` is none. */
const urlOf = (request: IncomingMessage) => URL.parse(request.url ?? '/', 'http://rig');
const pathOf = (request: IncomingMessage) => urlOf(request)?.pathname;

function answer(kind: ServiceKind, count: number, request: IncomingMessage, response: ServerResponse): void {
  const { status = 200, headers = {}, body, hangs } = answerOf(kind, count, request);
  if (hangs) return;
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'Content-Type': isText ? 'text/html; charset=utf-8' : 'application/json',
    Date: kind.date().toUTCString(),
    ...headers,
  });
  response.end(isText ? body : JSON.stringify(body));
}

function answerOf(kind: ServiceKind, count: number, request: IncomingMessage): Answer {
  const url = urlOf(request);
  if (!url) return { status: 400, body: { detail: 'Bad Request' } };
  if (request.method !== 'GET') return { status: 405, body: { detail: 'Method Not Allowed' } };
  const { pathname: path, searchParams: query } = url;
  const asked = { path, query, request, now: kind.elapsed(), since: 0, count };
  const at = (now: number) =>
    kind.routes[path]?.({ ...asked, now }) ?? { status: 404, body: { detail: 'Not Found' } };
  return kind.answer(asked, at);
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
