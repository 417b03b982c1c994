import { Menu, type MenuItemConstructorOptions } from 'electron';

/** The smallest menu under which copy, paste, zoom, full screen and quit have their usual keys. */
export function setMenu(openWindow: () => void): void {
  const application: MenuItemConstructorOptions[] =
    process.platform === 'darwin' ? [{ role: 'appMenu' }] : [];
  const room: MenuItemConstructorOptions[] = [
    { label: 'New window', accelerator: 'CommandOrControl+Shift+N', click: openWindow },
    { role: process.platform === 'darwin' ? 'close' : 'quit' },
  ];
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...application,
      { label: 'Room', submenu: room },
      { role: 'editMenu' },
      { label: 'View', submenu: view },
      { role: 'windowMenu' },
    ]),
  );
}
