import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { FromDeviceHost, ToDeviceHost } from '../../common/wire/device-messages.ts';
import { forkChild } from '../../main/platform/node/children.ts';
import { anchorNow } from '../../main/platform/node/clock.ts';

it('counts what a host that takes nothing can not be given, and goes on where it takes again', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const child = forkChild('device-host');
  onTestFinished(() => child.kill());
  const post = (message: ToDeviceHost) => child.post(message);

  let samples = 0;
  let lost = 0;
  let bytes = 0;
  let lastSeq = -1;
  let isTaking = false;
  let range = { from: NaN, to: NaN };
  const jumps: number[] = [];
  const finished = Promise.withResolvers<void>();
  const accounted = Promise.withResolvers<void>();
  const total = 3_000_000;
  child.onMessage((received) => {
    const message = received as FromDeviceHost;
    if (message.kind === 'lost' && message.channels[0] === 'fast/raw') {
      lost += message.count;
      range = { from: message.from ?? NaN, to: message.to ?? NaN };
    }
    if (message.kind === 'blocks') {
      bytes += message.bytes;
      for (const { channel, seq, t } of message.blocks) {
        if (channel !== 'fast/raw') continue;
        samples += t.length;
        if (seq !== lastSeq + 1) jumps.push(seq - lastSeq - 1);
        lastSeq = seq;
      }
    }
    if (samples + lost === total) accounted.resolve();
    if (isTaking && samples + lost === total + 1) finished.resolve();
  });
  post({ kind: 'start', anchor: anchorNow() });
  const link = { by: 'tcp', host: '127.0.0.1', port } as const;
  post({ kind: 'connect', spec: { id: 'fast', name: 'Fast', dialect: 'hx711-csv', link }, blockSeqs: {} });
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => socket.destroy());
  socket.write('1,1\n'.repeat(total));
  await accounted.promise;
  expect(lost).toBeGreaterThan(0);
  expect(bytes).toBeLessThanOrEqual(64 * 1024 * 1024);

  isTaking = true;
  post({ kind: 'ack', bytes });
  socket.write('2,2\n');
  await finished.promise;
  // The numbers of the blocks show the loss as well.
  expect(jumps.length).toBeGreaterThan(0);
  expect(range.to).toBeGreaterThanOrEqual(range.from);
  socket.destroy();
});
