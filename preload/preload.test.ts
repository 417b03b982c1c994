import { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import { desktopHandshake } from '../common/contract/desktop.ts';

const ipc = Object.assign(new EventEmitter(), { send: vi.fn() });
vi.mock('electron', () => ({ ipcRenderer: ipc }));

const origin = 'app://warroom';
const page = Object.assign(new EventTarget(), { location: { origin }, postMessage: vi.fn() });

beforeEach(async () => {
  vi.resetModules();
  vi.clearAllMocks();
  vi.stubGlobal('window', page);
  await import('./preload.ts');
});

function say(fields: { data: unknown; origin: string; source: unknown }): void {
  page.dispatchEvent(Object.assign(new Event('message'), fields));
}

test('only the page itself may ask', () => {
  say({ data: desktopHandshake.ask, origin: 'https://example.org', source: page });
  say({ data: desktopHandshake.ask, origin, source: {} });
  say({ data: 'something else', origin, source: page });
  expect(ipc.send).not.toHaveBeenCalled();
  say({ data: desktopHandshake.ask, origin, source: page });
  expect(ipc.send).toHaveBeenCalledWith(desktopHandshake.ask);
});

test('ports are handed to the exact origin', () => {
  const ports = [{}, {}];
  ipc.emit(desktopHandshake.ports, { ports });
  expect(page.postMessage).toHaveBeenCalledWith(desktopHandshake.ports, origin, ports);
});
