import { stat } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';
import { pageMediaTypes } from '../platform/media-types.ts';
import { pageHeaders } from './door.ts';
import { sendFile } from './send-file.ts';

/** Serves the built page. Only files below `folder`; anything else is 404. */
export async function servePage(
  folder: string,
  urlPath: string,
  port: number,
  response: ServerResponse,
): Promise<void> {
  if (urlPath === '/favicon.ico') {
    // Browsers ask for it whatever the page's own icon is: it has one, so nothing is missing.
    response.writeHead(204).end();
    return;
  }
  const relative = urlPath === '/' ? 'index.html' : safePath(urlPath);
  const file = relative === null ? null : join(folder, relative);
  const found = file ? await stat(file).catch(() => null) : null;
  if (!file || !found?.isFile()) {
    response.writeHead(404, { 'Content-Type': 'text/plain' }).end('Not found.\n');
    return;
  }
  const isHashed = urlPath.startsWith('/assets/');
  const headers = {
    ...pageHeaders(port),
    'Content-Type': pageMediaTypes[extname(file)] ?? 'application/octet-stream',
    'Cache-Control': isHashed ? 'max-age=31536000, immutable' : 'no-store',
  };
  return sendFile(file, headers, response);
}

function safePath(urlPath: string): string | null {
  try {
    const path = normalize(decodeURIComponent(urlPath)).replace(/^[/\\]+/, '');
    return path.includes('\0') || path.split(sep).includes('..') ? null : path;
  } catch {
    // Not valid percent-encoding: no such file.
    return null;
  }
}
