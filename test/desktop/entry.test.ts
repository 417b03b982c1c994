import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { desktopHandshake, desktopScheme } from '../../common/contract/desktop.ts';
import {
  createDesktopLink,
  type DesktopEvents,
  type DesktopLink,
} from '../../main/platform/electron/desktop-link.ts';
import type { StartMessage } from '../../main/platform/electron/messages.ts';
import { pageUrl } from '../../main/platform/electron/security.ts';
import { channelThrough } from '../../native/parent-port.ts';
import type * as StandIn from '../fakes/electron/index.ts';

let data = '';
let argv: string[] = [];
beforeEach(async () => {
  // A fresh app for each test: it keeps its state in its modules.
  vi.resetModules();
  vi.doMock('electron', () => import('../fakes/electron/index.ts'));
  data = await mkdtemp(join(tmpdir(), 'warroom-desktop-'));
  argv = process.argv;
  process.argv = ['electron', '.', '--data', data, '--port', '0', '--drill'];
});
afterEach(async () => {
  process.argv = argv;
  await rm(data, { recursive: true, force: true });
});

interface Started {
  electron: typeof StandIn;
  link: DesktopLink;
  start: StartMessage;
}

/** Loads the entry, lets Electron become ready, and waits for the host's start. The host is ours, over the real link. */
async function startApp(events: Partial<DesktopEvents> = {}): Promise<Started> {
  const electron = (await import('electron')) as unknown as typeof StandIn;
  const started = Promise.withResolvers<Omit<Started, 'electron'>>();
  electron.control.entries.set('host.js', (side, exit) => {
    const link: DesktopLink = createDesktopLink(side, {
      start: (start) => started.resolve({ link, start }),
      page: () => undefined,
      ticket: () => null,
      stop: () => exit(0),
      ...events,
    });
  });
  electron.control.entries.set('pty-host.js', (side) => {
    const port = channelThrough(side, () => undefined);
    port.onMessage((message) => port.post({ echo: message }));
  });
  await import('../../main/electron.ts');
  electron.app.becomeReady();
  return { electron, ...(await started.promise) };
}

async function withWindow(events: Partial<DesktopEvents> = {}) {
  const app = await startApp(events);
  app.link.post({ type: 'ready' });
  await vi.waitFor(() => expect(app.electron.control.windows).toHaveLength(1));
  return { ...app, window: app.electron.control.windows[0]! };
}

test('the scheme is standard and secure before ready, and the host starts with the flags', async () => {
  const { electron, start } = await startApp();
  expect(electron.control.schemes).toEqual([
    {
      scheme: desktopScheme,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
    },
  ]);
  expect(start).toEqual({ type: 'start', dataDir: data, drill: true, port: 0, keychainWarning: null });
  expect(electron.control.windows).toEqual([]);
});

test('a second instance starts nothing and quits', async () => {
  const electron = (await import('electron')) as unknown as typeof StandIn;
  electron.control.isFirstInstance = false;
  await import('../../main/electron.ts');
  electron.app.becomeReady();
  await electron.app.whenReady();
  expect(electron.control.hasQuit).toBe(true);
  expect(electron.control.processes).toEqual([]);
});

test('the window opens when the host is ready, sandboxed, with the one preload', async () => {
  const { window, electron } = await withWindow();
  expect(window.webContents.url).toBe(pageUrl);
  expect(window.options.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
  });
  expect(String(window.options.webPreferences['preload'])).toMatch(/preload[/\\]preload\.cjs$/);
  window.emit('ready-to-show');
  expect(window.isShown).toBe(true);
  electron.app.emit('second-instance');
  expect(window.hasFocus).toBe(true);
  expect(electron.control.windows).toHaveLength(1);
});

test('the page goes nowhere, opens nothing and gets no permission or device', async () => {
  const { window, electron } = await withWindow();
  for (const event of ['will-navigate', 'will-frame-navigate']) {
    const away = electron.cancellable({ url: 'https://example.org/' });
    window.webContents.emit(event, away);
    expect(away.defaultPrevented, event).toBe(true);
    const again = electron.cancellable({ url: pageUrl });
    window.webContents.emit(event, again);
    expect(again.defaultPrevented, event).toBe(false);
  }
  const view = electron.cancellable({});
  window.webContents.emit('will-attach-webview', view);
  expect(view.defaultPrevented).toBe(true);
  expect(window.webContents.openHandler?.({ url: pageUrl })).toEqual({ action: 'deny' });
  const { request, check, device } = electron.session.defaultSession;
  const granted = await new Promise((resolve) => request?.(window.webContents, 'media', resolve));
  expect(granted).toBe(false);
  expect(check?.(window.webContents, 'serial', pageUrl)).toBe(false);
  expect(check?.(null, 'clipboard-sanitized-write', 'https://example.org')).toBe(false);
  expect(device?.()).toBe(false);
});

test('ports go to the top frame of our page alone, and lead to the host', async () => {
  const { window, electron } = await withWindow({
    page: (id, control, bulk) => {
      for (const [name, port] of Object.entries({ control, bulk })) {
        port.on('message', (event) => port.postMessage([id, name, event.data]));
        port.start();
      }
    },
  });
  const got: StandIn.PortMain[][] = [];
  const frame = (url: string, parent: StandIn.Frame | null = null): StandIn.Frame => ({
    url,
    parent,
    postMessage: (channel, _message, ports) => void (channel === desktopHandshake.ports && got.push(ports)),
  });
  const ask = (senderFrame: StandIn.Frame | null) =>
    electron.ipcMain.emit(desktopHandshake.ask, { sender: window.webContents, senderFrame });
  ask(null);
  ask(frame('https://example.org/'));
  ask(frame(pageUrl, frame(pageUrl)));
  expect(got).toEqual([]);
  ask(frame(pageUrl));
  expect(got).toHaveLength(1);
  const answers = got[0]!.map(
    (port) =>
      new Promise((resolve) => {
        port.on('message', (event: { data: unknown }) => resolve(event.data));
        port.start();
        port.postMessage('hi');
      }),
  );
  expect(await Promise.all(answers)).toEqual([
    [window.id, 'control', 'hi'],
    [window.id, 'bulk', 'hi'],
  ]);
  for (const port of got[0]!) port.close();
});

test('the host gets its processes, its keys and its tickets through the desktop', async () => {
  const { electron, link } = await startApp({
    ticket: () => ({
      path: join(import.meta.dirname, 'entry.test.ts'),
      media: 'text/plain',
      name: 'x',
      asDownload: true,
    }),
  });
  const child = link.fork('pty-host');
  const echo = new Promise((resolve) => child.onMessage(resolve));
  child.post('hello');
  expect(await echo).toEqual({ echo: 'hello' });
  await link.secrets(null).set('device-key', new Uint8Array([1, 2]));
  expect(await link.secrets(null).get('device-key')).toEqual(new Uint8Array([1, 2]));
  expect(await readdir(join(data, 'keys'))).toEqual(['device-key.sealed']);
  const handler = electron.control.handlers.get(desktopScheme);
  const blob = await handler?.(new Request('app://warroom/ticket/0123456789abcdef'));
  expect(blob?.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
  expect(await blob?.text()).toContain('the host gets its processes');
  const ended = new Promise((resolve) => child.onExit(resolve));
  child.kill();
  expect(await ended).toBe(0);
});

test('quitting waits for the host to close in order', async () => {
  const order: string[] = [];
  const { electron } = await withWindow({ stop: () => order.push('stop') });
  electron.app.quit();
  expect(electron.control.hasQuit).toBe(false);
  await vi.waitFor(() => expect(order).toEqual(['stop']));
  electron.control.processes[0]?.exit(0);
  await vi.waitFor(() => expect(electron.control.hasQuit).toBe(true));
  expect(electron.control.exitCode).toBeNull();
});

test('a host that ends by itself takes its processes with it, and the person chooses', async () => {
  const { electron, link } = await withWindow();
  link.fork('pty-host');
  await vi.waitFor(() => expect(electron.control.processes).toHaveLength(2));
  const [host, ptyHost] = electron.control.processes;
  const childEnded = new Promise((resolve) => ptyHost?.once('exit', resolve));
  electron.control.answer = 0;
  host?.exit(139);
  expect(electron.control.hasRelaunched).toBe(true);
  expect(electron.control.exitCode).toBe(0);
  await childEnded;
});

test('a host that can not serve says why, and what to do', async () => {
  const { electron, link } = await startApp();
  link.post({ type: 'failed', message: 'The port is taken.', hint: 'Choose another with --port.' });
  link.post({ type: 'notify', title: 'Page', body: 'SEV-1' });
  await vi.waitFor(() => expect(electron.control.notifications).toEqual([{ title: 'Page', body: 'SEV-1' }]));
  expect(electron.control.errorBoxes[0]?.text).toBe('The port is taken.\n\nChoose another with --port.');
});
