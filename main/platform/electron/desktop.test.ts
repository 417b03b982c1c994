import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { expect, test, vi } from 'vitest';
import { channelThrough, type ElectronParentPort } from '../../../native/parent-port.ts';
import type { Secrets } from '../types.ts';
import { createDesktopLink, type DesktopEvents, type DesktopLink, type DesktopPort } from './desktop-link.ts';
import { startHost, type Utility } from './host-process.ts';
import type { ElectronPort, StartMessage } from './messages.ts';

/** A real port of worker_threads behind the interface of Electron's: messages are cloned and come later. */
function electronPort(port: MessagePort): ElectronPort {
  return {
    postMessage: (message) => port.postMessage(message),
    on(event: string, listener: unknown) {
      if (event === 'close') port.on('close', listener as () => void);
      else port.on('message', (data) => (listener as (event: { data: unknown }) => void)({ data }));
    },
    start: () => port.start(),
    close: () => port.close(),
  };
}

/** A utility process inside this one: `entry` gets what would be its process.parentPort. */
function utility(
  pid: number,
  entry: (parent: DesktopPort & ElectronParentPort) => void,
): Utility<ElectronPort> {
  const inner: ((event: { data: unknown; ports: ElectronPort[] }) => void)[] = [];
  const outer: ((message: unknown) => void)[] = [];
  const exits: ((code: number) => void)[] = [];
  const spawns: (() => void)[] = [];
  const handle = {
    pid,
    postMessage: (data: unknown, ports: ElectronPort[]) =>
      void setImmediate(() => inner.forEach((each) => each({ data: structuredClone(data), ports }))),
    on: (_event: 'message', listener: (message: unknown) => void) => void outer.push(listener),
    once(event: 'spawn' | 'exit', listener: (code: number) => void) {
      if (event === 'exit') exits.push(listener);
      else spawns.push(() => listener(0));
    },
    kill: () => {
      exits.splice(0).forEach((each) => each(0));
      return true;
    },
  };
  setImmediate(() => {
    entry({
      postMessage: (message) => setImmediate(() => outer.forEach((each) => each(structuredClone(message)))),
      on: (_event, listener) => void inner.push(listener),
    });
    spawns.forEach((each) => each());
  });
  return handle;
}

const start: StartMessage = { type: 'start', dataDir: '/data', drill: true, port: 0, keychainWarning: null };

/** A desktop with a host that answers by `events`; other processes echo what they hear. */
function desktop(events: Partial<DesktopEvents>, onLink: (link: DesktopLink, start: StartMessage) => void) {
  const stored = new Map<string, Uint8Array>();
  const onExit = vi.fn();
  let pids = 100;
  const forked: string[] = [];
  const host = startHost({
    forks: {
      fork(path, name) {
        forked.push(path);
        if (path.endsWith('/host.js')) {
          return utility((pids += 1), (parent) => {
            const link: DesktopLink = createDesktopLink(parent, {
              start: (message) => onLink(link, message),
              page: () => undefined,
              ticket: () => null,
              stop: () => undefined,
              ...events,
            });
          });
        }
        return utility((pids += 1), (parent) => {
          const port = channelThrough(parent, () => undefined);
          port.onMessage((message) => port.post({ name, heard: message }));
        });
      },
      createChannel() {
        const { port1, port2 } = new MessageChannel();
        return { port1: electronPort(port1), port2: electronPort(port2) };
      },
    },
    folder: '/out/main',
    keychain: {
      get: async (name) => stored.get(name) ?? null,
      set: async (name, value) => void stored.set(name, value),
    },
    start,
    onReady: () => undefined,
    onNotify: () => undefined,
    onFailed: () => undefined,
    onExit,
  });
  return { host, onExit, forked };
}

test('the host gets its start, and a process it asks for, with messages kept in order', async () => {
  const heard: unknown[] = [];
  const done = new Promise<StartMessage>((resolve) => {
    desktop({}, (link, message) => {
      const child = link.fork('pty-host');
      child.onMessage((answer) => {
        heard.push(answer);
        if (heard.length === 3) {
          expect(child.pid).toBe(102);
          resolve(message);
        }
      });
      // Before its port came.
      child.post(1);
      child.post(2);
      setTimeout(() => child.post(3), 5);
    });
  });
  expect(await done).toEqual(start);
  expect(heard).toEqual([1, 2, 3].map((each) => ({ name: 'War Room pty-host', heard: each })));
});

test('a process that is killed says that it ended, and takes no more messages', async () => {
  const code = await new Promise((resolve) => {
    desktop({}, (link) => {
      const child = link.fork('device-host');
      child.onMessage(() => child.kill());
      child.onExit((exit) => {
        child.post('late');
        child.onExit(resolve);
        expect(exit).toBe(0);
      });
      child.post('hello');
    });
  });
  expect(code).toBe(0);
});

test('secrets pass through the desktop to its keychain and back', async () => {
  const secrets = await new Promise<Secrets>((resolve) => {
    desktop({}, (link) => resolve(link.secrets('weak')));
  });
  expect(secrets.warning).toBe('weak');
  expect(await secrets.get('device-key')).toBeNull();
  await secrets.set('device-key', new Uint8Array([1, 2, 3]));
  expect(await secrets.get('device-key')).toEqual(new Uint8Array([1, 2, 3]));
});

test('a page and the host speak over two channels of their own', async () => {
  let ready: () => void = () => undefined;
  const linked = new Promise<void>((resolve) => (ready = resolve));
  const { host } = desktop(
    {
      page: (window, control, bulk) => {
        control.on('message', (event) => control.postMessage({ window, control: event.data }));
        bulk.on('message', (event) => bulk.postMessage({ window, bulk: event.data }));
        control.start();
        bulk.start();
      },
    },
    () => ready(),
  );
  await linked;
  const [control, bulk] = host.connectPage(7);
  const next = (port: ElectronPort | undefined) =>
    new Promise((resolve) => {
      port?.on('message', (event) => resolve(event.data));
      port?.start();
      port?.postMessage(new Uint8Array([9]));
    });
  expect(await next(control)).toEqual({ window: 7, control: new Uint8Array([9]) });
  expect(await next(bulk)).toEqual({ window: 7, bulk: new Uint8Array([9]) });
  control?.close();
  bulk?.close();
});

test('a ticket is redeemed at the host; without a host there is none', async () => {
  const file = { path: '/x', media: 'text/plain', name: 'x', asDownload: false };
  let ready: () => void = () => undefined;
  const linked = new Promise<void>((resolve) => (ready = resolve));
  const { host, onExit } = desktop({ ticket: (ticket) => (ticket === 'good' ? file : null) }, () => ready());
  await linked;
  expect(await host.redeem('good')).toEqual(file);
  expect(await host.redeem('bad')).toBeNull();
  await host.stop(20);
  expect(onExit).toHaveBeenCalledOnce();
  expect(await host.redeem('good')).toBeNull();
});
