/** The desktop app: windows, keychain, notifications, starting the host and passing ports. Everything else is the host's. */
import { join, resolve } from 'node:path';
import {
  app,
  dialog,
  MessageChannelMain,
  Notification,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';
import { BrowserWindow, type MessagePortMain } from 'electron';
import { desktopScheme } from '../common/contract/desktop.ts';
import { messageOf } from '../common/lib/errors.ts';
import { readDesktopFlags } from './platform/electron/flags.ts';
import { startHost, type HostProcess } from './platform/electron/host-process.ts';
import { createKeychain, keychainWarning } from './platform/electron/keychain.ts';
import { setMenu } from './platform/electron/menu.ts';
import { createProtocolHandler } from './platform/electron/protocol.ts';
import { answerPages, guardSession, openWindow } from './platform/electron/window.ts';
import { defaultDataFolder } from './platform/node/data-folder.ts';
import { blobHeaders } from './remote/door.ts';

/** The host closes its ledger and its recordings in order; after this it is ended. */
const STOP_LIMIT_MS = 10_000;

const here = import.meta.dirname;
const preload = join(here, '..', 'preload', 'preload.cjs');
let host: HostProcess<MessagePortMain> | null = null;
let isQuitting = false;

// Before the app is ready, or the scheme has no origin of its own.
protocol.registerSchemesAsPrivileged([
  {
    scheme: desktopScheme,
    privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true },
  },
]);

function showWindow(): void {
  openWindow(preload);
}

/** The host is gone though nobody asked it to: the person decides; nothing acknowledged was lost. */
function hostEnded(code: number): void {
  host = null;
  if (isQuitting) return;
  const choice = dialog.showMessageBoxSync({
    type: 'error',
    message: 'The host of this room has ended.',
    detail: `Its code is ${code}. Everything acknowledged is on disk. Restarting opens it again.`,
    buttons: ['Restart', 'Quit'],
  });
  if (choice === 0) app.relaunch();
  app.exit(choice === 0 ? 0 : 1);
}

function start(): void {
  const flags = readDesktopFlags(process.argv.slice(app.isPackaged ? 1 : 2));
  const dataDir = resolve(flags.data ?? defaultDataFolder());
  guardSession(session.defaultSession);
  protocol.handle(
    desktopScheme,
    createProtocolHandler({
      folder: join(here, '..', 'renderer'),
      redeem: (ticket) => host?.redeem(ticket) ?? Promise.resolve(null),
      blobHeaders,
    }),
  );
  host = startHost<MessagePortMain>({
    forks: {
      fork: (path, serviceName) => utilityProcess.fork(path, [], { serviceName, stdio: 'inherit' }),
      createChannel: () => new MessageChannelMain(),
    },
    folder: here,
    keychain: createKeychain(safeStorage, join(dataDir, 'keys')),
    start: {
      type: 'start',
      dataDir,
      drill: flags.drill,
      port: flags.port,
      keychainWarning: keychainWarning(safeStorage, process.platform),
    },
    onReady: showWindow,
    onNotify: (title, body) => new Notification({ title, body }).show(),
    onFailed: (message, hint) => dialog.showErrorBox('War Room did not start', `${message}\n\n${hint}`),
    onExit: hostEnded,
  });
  answerPages((window) => host?.connectPage(window) ?? null);
  setMenu(showWindow);
}

app.on('second-instance', () => {
  const [window] = BrowserWindow.getAllWindows();
  if (!window) return showWindow();
  if (window.isMinimized()) window.restore();
  window.focus();
});
app.on('activate', () => {
  if (host && BrowserWindow.getAllWindows().length === 0) showWindow();
});
app.on('window-all-closed', () => {
  if (process.platform !== 'darwin') app.quit();
});
app.on('before-quit', (event) => {
  if (isQuitting || !host) return;
  isQuitting = true;
  event.preventDefault();
  void host.stop(STOP_LIMIT_MS).then(() => app.quit());
});

if (app.requestSingleInstanceLock()) {
  // Never awaited at top level: in an ESM main that waits for itself.
  void app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      dialog.showErrorBox('War Room did not start', messageOf(error));
      app.exit(1);
    });
} else {
  app.quit();
}
