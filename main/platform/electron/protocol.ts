import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { Readable } from 'node:stream';
import type { TicketFile } from './messages.ts';
import { pageFile, pageHeaders, ticketOf } from './security.ts';
import { pageMediaTypes } from '../media-types.ts';

export interface ProtocolDeps {
  /** The built page. */
  folder: string;
  /** Redeems a ticket at the host; null when it was used or is too old. */
  redeem(ticket: string): Promise<TicketFile | null>;
  /** Headers under which a blob runs nothing and has no origin. */
  blobHeaders(media: string, name: string, asDownload: boolean): Record<string, string>;
}

/** Answers `app://warroom/…`: the built page below its folder, and blobs by ticket. Only GET. */
export function createProtocolHandler(deps: ProtocolDeps): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET') return refuse(405, 'Only GET here.');
    const ticket = ticketOf(request.url);
    if (ticket) return serveTicket(await deps.redeem(ticket));
    const file = pageFile(request.url, deps.folder);
    if (!file) return refuse(404, 'Not found.');
    const media = pageMediaTypes[extname(file)] ?? 'application/octet-stream';
    return serveFile(file, { ...pageHeaders, 'Content-Type': media });
  };

  async function serveTicket(found: TicketFile | null): Promise<Response> {
    if (!found) return refuse(404, 'This ticket was used or is too old. Ask for it again in the room.');
    return serveFile(found.path, deps.blobHeaders(found.media, found.name, found.asDownload));
  }
}

async function serveFile(file: string, headers: Record<string, string>): Promise<Response> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error || !found.isFile()) return refuse(404, 'Not found.');
  const body = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  return new Response(body, { headers: { ...headers, 'Content-Length': String(found.size) } });
}

function refuse(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers: { ...pageHeaders, 'Content-Type': 'text/plain' } });
}
