/**
 * Passes the page its two ports, nothing else: the page gets no object of Electron's and no power. It asks first (a port
 * posted before it listens would be lost); both ways only messages of the page's own origin count.
 */
import { ipcRenderer } from 'electron';
import { desktopHandshake } from '../common/contract/desktop.ts';

window.addEventListener('message', (event) => {
  const isOwn = event.source === window && event.origin === window.location.origin;
  if (isOwn && event.data === desktopHandshake.ask) ipcRenderer.send(desktopHandshake.ask);
});

ipcRenderer.on(desktopHandshake.ports, (event) => {
  window.postMessage(desktopHandshake.ports, window.location.origin, event.ports);
});
