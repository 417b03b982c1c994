import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { PtyReply, PtyRequest } from '../../common/wire/pty-messages.ts';
import type { Child } from '../platform/types.ts';
import { createPtyPorts } from './pty-ports.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'warroom-pty-ports-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A pty-host that opens every pair at once and says the rest as told. */
function fakeHost() {
  let say: (reply: PtyReply) => void = () => undefined;
  const child: Child = {
    pid: 1,
    post: (message) => {
      const { type, id } = message as PtyRequest;
      if (type === 'pair.open') say({ type: 'pair.opened', id, path: '/dev/pts/1' });
    },
    onMessage: (listener) => void (say = listener),
    onExit: () => undefined,
    kill: () => undefined,
  };
  return { child, say: (reply: PtyReply) => say(reply) };
}

async function openPort() {
  const host = fakeHost();
  const logged: string[] = [];
  const ports = createPtyPorts(() => host.child);
  const port = await ports.open('cell-a', join(folder, 'cell-a'), (message) => logged.push(message));
  return { port, logged, say: host.say };
}

it('tells once what a line drops, and again after it was opened anew', async () => {
  const { port, logged, say } = await openPort();
  for (const bytes of [10, 20]) say({ type: 'pair.dropped', id: 'cell-a', bytes });
  expect(logged).toEqual([expect.stringMatching(/cell-a.*dropped/)]);
  await port.plug();
  say({ type: 'pair.dropped', id: 'cell-a', bytes: 1 });
  expect(logged.length).toBe(2);
});

it('tells a failed write, which answers nothing that is waited for', async () => {
  const { port, logged, say } = await openPort();
  const unplugged = port.unplug();
  say({ type: 'failed', id: 'cell-a', of: 'pair.write', message: 'EBADF', code: 'EBADF' });
  say({ type: 'pair.closed', id: 'cell-a' });
  await unplugged;
  expect(logged).toEqual([expect.stringMatching(/cell-a.*EBADF/)]);
});
