import { BrowserWindow, type IpcMainEvent, ipcMain, type MessagePortMain, type Session } from 'electron';
import { desktopHandshake } from '../../../common/contract/desktop.ts';
import { isOwnUrl, mayHavePorts, mayNavigate, mayUse, pageUrl, webPreferences } from './security.ts';

/** Denies every permission and device that security.ts does not grant. Once per session. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, callback) => {
    callback(mayUse(permission, contents.getURL()));
  });
  session.setPermissionCheckHandler((contents, permission, origin) =>
    mayUse(permission, contents?.getURL() ?? origin),
  );
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler(null);
}

/** A window on the room. It stays on its page: no other address, no new windows, no frames of others. */
export function openWindow(preload: string): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'War Room',
    backgroundColor: '#0b0e14',
    webPreferences: { ...webPreferences, preload },
  });
  const { webContents } = window;
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  webContents.on('will-navigate', (event) => {
    if (!mayNavigate(event.url)) event.preventDefault();
  });
  webContents.on('will-frame-navigate', (event) => {
    // Blobs are shown in sandboxed frames of our own scheme.
    if (!isOwnUrl(event.url)) event.preventDefault();
  });
  webContents.on('will-attach-webview', (event) => event.preventDefault());
  window.once('ready-to-show', () => window.show());
  void window.loadURL(pageUrl);
  return window;
}

/** Answers pages that ask for their ports: only the top frame of our own page gets any. */
export function answerPages(connect: (window: number) => MessagePortMain[] | null): void {
  ipcMain.on(desktopHandshake.ask, (event: IpcMainEvent) => {
    const frame = event.senderFrame;
    const window = BrowserWindow.fromWebContents(event.sender);
    if (!frame || !window || !mayHavePorts(frame)) return;
    const ports = connect(window.id);
    if (ports) frame.postMessage(desktopHandshake.ports, null, ports);
  });
}
