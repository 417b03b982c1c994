/** Every decision about what a page of the desktop app may do. Pure: the window and the protocol ask them. */
import { join, normalize, sep } from 'node:path';
import { desktopScheme } from '../../../common/contract/desktop.ts';

export const pageHost = 'warroom';
export const pageUrl = `${desktopScheme}://${pageHost}/`;

/** True for an address of the room's own page, exactly: scheme and host, no user, no port. */
export function isOwnUrl(address: string): boolean {
  const url = URL.parse(address);
  if (!url) return false;
  const isPlain = url.username === '' && url.password === '' && url.port === '';
  return url.protocol === `${desktopScheme}:` && url.hostname === pageHost && isPlain;
}

/** A window stays on its page: it may load it again, and may go nowhere else. */
export function mayNavigate(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && isOwnUrl(address) && (url.pathname === '/' || url.pathname === '/index.html');
}

/** A frame as Electron describes the sender of a message; null when it is already gone. */
export interface SenderFrame {
  url: string;
  parent: unknown;
}

/** Ports go to the top frame of our own page, to nothing inside it and nothing else. */
export function mayHavePorts(frame: SenderFrame | null): boolean {
  return frame !== null && frame.parent === null && isOwnUrl(frame.url);
}

/** Writing to the clipboard after a person's gesture is all that the page asks of the system. */
const grantedPermissions: readonly string[] = ['clipboard-sanitized-write'];

/** Everything not granted here is denied: also what a later Electron adds. */
export function mayUse(permission: string, requestingUrl: string): boolean {
  return grantedPermissions.includes(permission) && isOwnUrl(requestingUrl);
}

/** The file of the built page that an address names, or null: only files below `folder`, no way around it. */
export function pageFile(address: string, folder: string): string | null {
  const url = URL.parse(address);
  if (!url || !isOwnUrl(address)) return null;
  const decoded = decode(url.pathname);
  if (decoded === null || decoded.includes('\0') || decoded.includes('\\')) return null;
  const file = normalize(join(folder, decoded === '/' ? 'index.html' : decoded));
  return file.startsWith(normalize(folder) + sep) ? file : null;
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** The ticket of a blob's address, or null. */
export function ticketOf(address: string): string | null {
  const url = URL.parse(address);
  if (!url || !isOwnUrl(address)) return null;
  return /^\/ticket\/([A-Za-z0-9_-]{16,128})$/.exec(url.pathname)?.[1] ?? null;
}

/** As the loopback door's, without its sockets: the page in the desktop app speaks over ports. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    // The terminal's renderer and the panels size themselves by inline styles.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Preferences of every window: the page is a web page and nothing more. */
export const webPreferences = {
  contextIsolation: true,
  sandbox: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  navigateOnDragDrop: false,
  spellcheck: false,
} as const;
