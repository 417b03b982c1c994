import { expect, it, onTestFinished, vi } from 'vitest';
import { desktopHandshake } from '../../common/contract/desktop.ts';
import { createApi } from './api.ts';
import { createPortTransport } from './port-transport.ts';

/** A window whose preload answers with one end of two channels. */
function fakeWindow() {
  const channels = [new MessageChannel(), new MessageChannel()];
  const origin = 'app://room';
  const page = new EventTarget();
  const answer = () => {
    const ports = channels.map((channel) => channel.port1);
    const event = new Event('message');
    page.dispatchEvent(Object.assign(event, { source: page, origin, data: desktopHandshake.ports, ports }));
  };
  vi.stubGlobal('window', Object.assign(page, { location: { origin }, postMessage: answer }));
  onTestFinished(() => {
    vi.unstubAllGlobals();
    for (const { port1, port2 } of channels) {
      port1.close();
      port2.close();
    }
  });
}

it('is lost, once, when this side closes it, and whoever waits for an answer learns of it', async () => {
  fakeWindow();
  const transport = await createPortTransport();
  const reasons: string[] = [];
  transport.onLost((reason) => reasons.push(reason));
  const call = createApi(transport.control).tasks.cancel({ task: 't' });
  const failed = expect(call).rejects.toThrow();
  transport.close();
  transport.close();
  await failed;
  expect(reasons).toEqual(['The link to the host was closed.']);
});
