import { RPCLink } from '@orpc/client/message-port';
import { desktopHandshake } from '../../common/contract/desktop.ts';
import { WarroomError } from '../../common/lib/errors.ts';
import { createOnce, type Transport } from './transport.ts';

const handshakeMs = 10_000;

/** In the desktop app: asks the preload for this page's two ports. Throws `unavailable` when none come. */
export async function createPortTransport(): Promise<Transport> {
  const [control, bulk] = await askForPorts();
  const lost = createOnce();
  const close = () => {
    lost.fire('The link to the host was closed.');
    for (const port of [control, bulk]) {
      port.close();
      // A port tells only its other end; what waits at this end for an answer would wait for ever.
      port.dispatchEvent(new Event('close'));
    }
  };
  for (const port of [control, bulk])
    port.addEventListener('close', () => lost.fire('The host closed the link.'));
  const link = new RPCLink({ port: control });
  control.start();
  return {
    control: link,
    bulk: {
      // A copy crosses to the host; the frame stays the page's own.
      send: (bytes) => bulk.postMessage(bytes),
      onMessage: (listener) => {
        bulk.addEventListener('message', (event: MessageEvent<unknown>) => {
          if (event.data instanceof Uint8Array) listener(event.data);
          else if (event.data instanceof ArrayBuffer) listener(new Uint8Array(event.data));
        });
        bulk.start();
      },
    },
    onLost: lost.on,
    close,
  };
}

function askForPorts(): Promise<[MessagePort, MessagePort]> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      window.removeEventListener('message', received);
      reject(new WarroomError('unavailable', 'The host did not answer the window.', 'Restart the app.'));
    }, handshakeMs);
    const received = (event: MessageEvent<unknown>) => {
      const isOwn = event.source === window && event.origin === window.location.origin;
      const [control, bulk] = event.ports;
      if (!isOwn || event.data !== desktopHandshake.ports || !control || !bulk) return;
      clearTimeout(timer);
      window.removeEventListener('message', received);
      resolve([control, bulk]);
    };
    window.addEventListener('message', received);
    window.postMessage(desktopHandshake.ask, window.location.origin);
  });
}
