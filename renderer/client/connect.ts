import { desktopScheme } from '../../common/contract/desktop.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createPortTransport } from './port-transport.ts';
import { createSocketTransport } from './socket-transport.ts';
import type { Transport } from './transport.ts';

const storedSecret = 'warroom.secret';

/** The exchange of this page's token. A page that connects twice at once (as in development) waits for the same one. */
let exchange: Promise<void> | null = null;

/** How this page comes to its host: ports in the desktop app, sockets in a browser. */
export function isDesktop(): boolean {
  return window.location.protocol === `${desktopScheme}:`;
}

/**
 * One new link to the host. In a browser the link's single-use token is exchanged first, once; its secret serves every
 * later try and reload of this tab. Throws `denied` when neither is any good.
 */
export async function connect(): Promise<Transport> {
  if (isDesktop()) return createPortTransport();
  const token = takeToken();
  if (token) exchange = redeem(token).then((secret) => sessionStorage.setItem(storedSecret, secret));
  await exchange;
  const secret = sessionStorage.getItem(storedSecret);
  if (!secret)
    throw new WarroomError(
      'denied',
      'This page was opened without a link of its own.',
      'Open it by a new link.',
    );
  return createSocketTransport({ origin: `ws://${window.location.host}`, secret });
}

/** The token of the address, which then no longer shows it. */
function takeToken(): string | null {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('t');
  if (token) history.replaceState(null, '', window.location.pathname);
  return token;
}

async function redeem(token: string): Promise<string> {
  const response = await fetch('/session', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  }).catch(() => {
    throw new WarroomError('unavailable', 'The host does not answer.', 'Is it still running?');
  });
  const answer = (await response.json()) as { secret?: string; error?: string; hint?: string };
  if (response.ok && answer.secret) return answer.secret;
  // A token that was used may be this very tab's: its secret still opens the room.
  const earlier = sessionStorage.getItem(storedSecret);
  if (earlier) return earlier;
  throw new WarroomError('denied', answer.error ?? 'The host refused this link.', answer.hint ?? '');
}
