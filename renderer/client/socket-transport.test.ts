import { expect, it } from 'vitest';
import { createSocketTransport, type SocketLike } from './socket-transport.ts';

class FakeSocket extends EventTarget {
  binaryType: BinaryType = 'blob';
  readyState = 0;
  sent: unknown[] = [];
  isClosed = false;
  answer: (socket: FakeSocket) => void = (socket) => socket.say('{"ok":true}');

  send(data: unknown): void {
    this.sent.push(data);
    if (this.sent.length === 1) queueMicrotask(() => this.answer(this));
  }
  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }
  close(code = 1000, reason = ''): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason }));
  }
}

function opened(answer?: FakeSocket['answer']) {
  const sockets = new Map<string, FakeSocket>();
  const openSocket = (url: string) => {
    const socket = new FakeSocket();
    if (answer) socket.answer = answer;
    sockets.set(new URL(url).pathname, socket);
    setImmediate(() => {
      socket.readyState = 1;
      socket.dispatchEvent(new Event('open'));
    });
    return socket as unknown as SocketLike;
  };
  return {
    sockets,
    transport: createSocketTransport({ origin: 'ws://127.0.0.1:1', secret: 's', openSocket }),
  };
}

it('sends the secret first on both sockets, and nothing else before the host said ok', async () => {
  const { sockets, transport } = opened();
  await transport;
  for (const path of ['/bulk', '/rpc']) expect(sockets.get(path)!.sent).toEqual(['{"secret":"s"}']);
});

it('says that a page the host does not know is denied, and closes both', async () => {
  const { sockets, transport } = opened((socket) => socket.close(4401, 'Open the room by a new link.'));
  await expect(transport).rejects.toMatchObject({ code: 'denied', message: 'Open the room by a new link.' });
  expect([...sockets.values()].every((socket) => socket.isClosed)).toBe(true);
});

it('is lost once, with the reason, when either plane goes', async () => {
  const { sockets, transport } = opened();
  const reasons: string[] = [];
  const up = await transport;
  up.onLost((reason) => reasons.push(reason));
  sockets.get('/bulk')!.close(4400, 'bad frame');
  expect(reasons).toEqual(['bad frame']);
  expect(sockets.get('/rpc')!.isClosed).toBe(true);
});
