/**
 * The host's side of its pages: one HTTP server on 127.0.0.1 with the page, the door, two WebSockets (control and
 * bulk), blobs by ticket. It knows nothing of the methods.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { maxPayloadBytes, frameHeaderBytes } from '../../common/contract/bulk.ts';
import { fromSystem, messageOf, WarroomError } from '../../common/lib/errors.ts';
import type { TicketFile } from '../platform/electron/messages.ts';
import { blobHeaders, whyRefused } from './door.ts';
import { createBulkLink, type BulkLink } from './bulk-link.ts';
import { servePage } from './pages.ts';
import { sendFile } from './send-file.ts';
import type { Invitation, PageSession, Tickets, Tokens } from './tokens.ts';

export interface ServerDeps {
  pageFolder: string;
  tokens: Tokens;
  tickets: Tickets<TicketFile>;
  seatOf(invitation: Invitation): string;
  /** A page's control socket is authenticated: serve the contract on it. `bulk` answers the same page's bulk link. */
  onControl(socket: WebSocket, session: PageSession, bulk: () => BulkLink): void;
  log(message: string, error?: unknown): void;
}

export interface PageServer {
  port: number;
  close(): Promise<void>;
}

const authTimeoutMs = 10_000;
const maxControlBytes = 4 << 20;

/** Listens on 127.0.0.1. Port 0 takes a free one. Throws `taken` when the port is in use. */
export async function createPageServer(deps: ServerDeps, port: number): Promise<PageServer> {
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      deps.log('A request failed', error);
      // An answer cut short must not end like a whole one.
      if (response.headersSent) response.destroy();
      else response.writeHead(500).end();
    });
  });
  const bound = await listen(server, port);
  const control = new WebSocketServer({ noServer: true, maxPayload: maxControlBytes });
  const bulk = new WebSocketServer({ noServer: true, maxPayload: maxPayloadBytes + frameHeaderBytes });
  const bulkLinks = new Map<string, BulkLink>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = whyRefused(knockOf(request, false), bound);
    if (refused) return reply(response, 403, { error: refused });
    const path = URL.parse(request.url ?? '/', `http://127.0.0.1:${bound}`)?.pathname;
    if (path === undefined) return reply(response, 400, { error: 'The address is not one.' });
    if (request.method === 'POST' && path === '/session') return startSession(request, response);
    if (request.method !== 'GET') return reply(response, 405, { error: 'Only GET here.' });
    if (path.startsWith('/ticket/')) return serveTicket(path.slice('/ticket/'.length), response);
    return servePage(deps.pageFolder, path, bound, response);
  }

  async function startSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = JSON.parse(await readBody(request)) as { token?: unknown } | null;
      if (typeof body?.token !== 'string') throw new WarroomError('bad-input', 'No token was sent.');
      const session = deps.tokens.redeem(body.token, deps.seatOf);
      reply(response, 200, { secret: session.secret });
    } catch (error) {
      const hint = error instanceof WarroomError ? error.hint : '';
      reply(response, 403, { error: messageOf(error), hint });
    }
  }

  async function serveTicket(ticket: string, response: ServerResponse): Promise<void> {
    const download = deps.tickets.take(ticket);
    if (!download)
      return reply(response, 404, {
        error: 'This ticket was used or is too old. Ask for it again in the room.',
      });
    try {
      await sendFile(
        download.path,
        blobHeaders(download.media, download.name, download.asDownload),
        response,
      );
    } catch (error) {
      if (response.headersSent) throw error;
      reply(response, 410, { error: messageOf(error) });
    }
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', (error) => deps.log('A socket failed', error));
    const refused = whyRefused(knockOf(request, true), bound);
    const path = request.url;
    if (refused || (path !== '/rpc' && path !== '/bulk')) {
      socket.end(
        `HTTP/1.1 ${refused ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n\r\n${refused ?? ''}\n`,
      );
      return;
    }
    const sockets = path === '/rpc' ? control : bulk;
    sockets.handleUpgrade(request, socket, head, (ws) => authenticate(ws, path));
  });

  /** The first message is the session's secret; nothing else is read before it. */
  function authenticate(ws: WebSocket, path: '/rpc' | '/bulk'): void {
    const timer = setTimeout(() => ws.close(4401, 'No secret came.'), authTimeoutMs);
    ws.on('error', (error) => deps.log('A socket failed', error));
    ws.once('close', () => clearTimeout(timer));
    ws.once('message', (data, isBinary) => {
      clearTimeout(timer);
      const session = isBinary ? undefined : sessionOf(deps.tokens, toText(data));
      if (!session)
        return ws.close(
          4401,
          'This page is not known here. Open the room by a new link: npm run -s warroom -- open',
        );
      if (path === '/bulk') serveBulk(ws, session);
      else serveControl(ws, session);
      ws.send('{"ok":true}');
    });
  }

  function serveBulk(ws: WebSocket, session: PageSession): void {
    const link = createBulkLink({
      send: (bytes) => ws.send(bytes),
      close: (reason) => ws.close(4400, reason.slice(0, 120)),
    });
    bulkLinks.get(session.secret)?.lost();
    bulkLinks.set(session.secret, link);
    ws.on('message', (data, isBinary) => {
      if (isBinary) link.receive(toBytes(data));
      else {
        link.lost();
        ws.close(4400, 'Text on the bulk plane.');
      }
    });
    ws.once('close', () => {
      link.lost();
      if (bulkLinks.get(session.secret) === link) bulkLinks.delete(session.secret);
    });
  }

  function serveControl(ws: WebSocket, session: PageSession): void {
    deps.onControl(ws, session, () => {
      const link = bulkLinks.get(session.secret);
      if (!link) throw new WarroomError('unavailable', 'The bulk link is not open yet.', 'Reconnect.');
      return link;
    });
  }

  return {
    port: bound,
    close: async () => {
      for (const ws of [...control.clients, ...bulk.clients]) ws.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(fromSystem(error, `Listening on 127.0.0.1:${port}`)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function knockOf(request: IncomingMessage, isUpgrade: boolean) {
  return {
    method: request.method ?? 'GET',
    isUpgrade,
    host: request.headers.host,
    origin: request.headers.origin,
  };
}

function sessionOf(tokens: Tokens, text: string): PageSession | undefined {
  try {
    const message = JSON.parse(text) as { secret?: unknown } | null;
    return typeof message?.secret === 'string' ? tokens.session(message.secret) : undefined;
  } catch {
    // Not JSON: not a page of ours.
    return undefined;
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > 4096) throw new WarroomError('bad-input', 'The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: object): void {
  if (!response.headersSent)
    response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(`${JSON.stringify(body)}\n`);
}

type Message = Buffer | ArrayBuffer | Buffer[];

function toBytes(data: Message): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

function toText(data: Message): string {
  return Buffer.from(toBytes(data)).toString('utf8');
}
