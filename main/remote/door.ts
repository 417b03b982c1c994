/**
 * The loopback door (ARCHITECTURE, Trust): who may speak to this port at all, before anything is read.
 * Pure decisions; the server asks them.
 */

/** The parts of a request that the door looks at. */
export interface Knock {
  method: string;
  isUpgrade: boolean;
  host: string | undefined;
  origin: string | undefined;
}

/**
 * Null when it may come in, else why not. Host equals `127.0.0.1:PORT` exactly, always (no DNS rebinding); on upgrades
 * and everything but GET the Origin equals the room's own too, and a missing one is refused (no foreign page, no form).
 */
export function whyRefused(knock: Knock, port: number): string | null {
  const own = `127.0.0.1:${port}`;
  if (knock.host !== own)
    return `The Host "${knock.host ?? ''}" is not ${own}. Open the room by the address it printed.`;
  const needsOrigin = knock.isUpgrade || knock.method !== 'GET';
  if (needsOrigin && knock.origin !== `http://${own}`)
    return `The Origin "${knock.origin ?? ''}" is not http://${own}. Only the room's own page may do this.`;
  return null;
}

/** Headers of every page and script: no foreign code, no frames, no sniffing, no referrer. */
export function pageHeaders(port: number): Record<string, string> {
  return {
    'Content-Security-Policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      `connect-src 'self' ws://127.0.0.1:${port}`,
      "font-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    ...commonHeaders,
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}

/** Headers of a blob: whatever it is, it runs nothing and has no origin. */
export function blobHeaders(media: string, name: string, asDownload: boolean): Record<string, string> {
  return {
    'Content-Security-Policy': "sandbox; default-src 'none'",
    ...commonHeaders,
    'Content-Type': media,
    'Content-Disposition': `${asDownload ? 'attachment' : 'inline'}; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`,
    'Cache-Control': 'no-store',
  };
}

const commonHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
