/**
 * A stand-in for the `electron` module, as far as main/electron.ts uses it, for tests under plain Node. It records what
 * was asked of it and lets a test play the page and the person. It proves how our entry behaves towards the documented
 * interface; nothing about Electron's binary, sandbox, process model, origins or dialogs.
 */
import { EventEmitter } from 'node:events';
import { MessageChannelMain, UtilityProcess, type PortMain, type UtilitySide } from './utility.ts';

export { MessageChannelMain };
export type { PortMain, UtilitySide };

export interface Frame {
  url: string;
  parent: Frame | null;
  postMessage(channel: string, message: unknown, ports: PortMain[]): void;
}

type Entry = (side: UtilitySide, exit: (code: number) => void) => void;

/** What a test sets before the app starts, and reads after. */
export const control = {
  entries: new Map<string, Entry>(),
  processes: [] as UtilityProcess[],
  windows: [] as BrowserWindow[],
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  notifications: [] as { title: string; body: string }[],
  errorBoxes: [] as { title: string; text: string }[],
  /** The button pressed in the next message box. */
  answer: 1,
  isFirstInstance: true,
  exitCode: null as number | null,
  hasQuit: false,
  hasRelaunched: false,
};

let isReady = false;
const readiness = Promise.withResolvers<void>();

class App extends EventEmitter {
  readonly isPackaged = false;
  whenReady = () => readiness.promise;
  requestSingleInstanceLock = () => control.isFirstInstance;
  relaunch = () => {
    control.hasRelaunched = true;
  };
  exit = (code: number) => {
    control.exitCode = code;
  };
  /** `before-quit` may prevent it, and is asked each time. */
  quit = () => {
    const event = cancellable();
    this.emit('before-quit', event);
    control.hasQuit = !event.defaultPrevented;
  };
  /** For the test: what Electron does when it has started. */
  becomeReady = () => {
    isReady = true;
    readiness.resolve();
  };
}

export function cancellable<T extends object>(
  fields?: T,
): T & { defaultPrevented: boolean; preventDefault(): void } {
  const event = { ...(fields as T), defaultPrevented: false, preventDefault: () => undefined as void };
  event.preventDefault = () => {
    event.defaultPrevented = true;
  };
  return event;
}

export const app = new App();

export const protocol = {
  // https://www.electronjs.org/docs/latest/api/protocol: only before the ready event, and only once.
  registerSchemesAsPrivileged(schemes: typeof control.schemes) {
    if (isReady || control.schemes.length > 0)
      throw new Error('registerSchemesAsPrivileged: only once, before ready');
    control.schemes = schemes;
  },
  handle(scheme: string, handler: (request: Request) => Promise<Response>) {
    if (!isReady) throw new Error('protocol.handle: only after ready');
    control.handlers.set(scheme, handler);
  },
};

type Request3 = (contents: WebContents, permission: string, callback: (granted: boolean) => void) => void;
type Check3 = (contents: WebContents | null, permission: string, origin: string) => boolean;

export const session = {
  defaultSession: {
    request: null as Request3 | null,
    check: null as Check3 | null,
    device: null as (() => boolean) | null,
    setPermissionRequestHandler(handler: Request3) {
      this.request = handler;
    },
    setPermissionCheckHandler(handler: Check3) {
      this.check = handler;
    },
    setDevicePermissionHandler(handler: () => boolean) {
      this.device = handler;
    },
    setDisplayMediaRequestHandler: () => undefined,
  },
};

export class WebContents extends EventEmitter {
  url = 'about:blank';
  openHandler: ((details: { url: string }) => { action: string }) | null = null;
  getURL = () => this.url;
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }) {
    this.openHandler = handler;
  }
}

export class BrowserWindow extends EventEmitter {
  static getAllWindows = () => control.windows;
  static fromWebContents = (contents: WebContents) =>
    control.windows.find((window) => window.webContents === contents) ?? null;

  readonly id = control.windows.length + 1;
  readonly webContents = new WebContents();
  readonly options: Record<string, unknown> & { webPreferences: Record<string, unknown> };
  isShown = false;
  hasFocus = false;

  constructor(options: BrowserWindow['options']) {
    super();
    this.options = options;
    control.windows.push(this);
  }

  async loadURL(url: string) {
    this.webContents.url = url;
  }
  show = () => {
    this.isShown = true;
  };
  focus = () => {
    this.hasFocus = true;
  };
  isMinimized = () => false;
}

export const ipcMain = new EventEmitter();

export const utilityProcess = {
  fork(path: string, _args: string[], _options: object): UtilityProcess {
    if (!isReady) throw new Error('utilityProcess.fork: only after ready');
    const name = path.split('/').at(-1) ?? '';
    const entry = control.entries.get(name);
    if (!entry) throw new Error(`the test gave no entry for ${name}`);
    const started = new UtilityProcess(path, 1000 + control.processes.length, entry);
    control.processes.push(started);
    return started;
  },
};

export const dialog = {
  showErrorBox: (title: string, text: string) => void control.errorBoxes.push({ title, text }),
  showMessageBoxSync: () => control.answer,
};

export class Notification {
  readonly #content: { title: string; body: string };
  constructor(content: { title: string; body: string }) {
    this.#content = content;
  }
  show = () => void control.notifications.push(this.#content);
}

export const Menu = {
  buildFromTemplate: (template: object[]) => template,
  setApplicationMenu: (_menu: object[]) => undefined,
};

/** Seals by base64: a test of ours about what is stored, not about how well. */
export const safeStorage = {
  isAsyncEncryptionAvailable: async () => true,
  encryptStringAsync: async (text: string) => Buffer.from(text),
  decryptStringAsync: async (sealed: Buffer) => ({ result: sealed.toString(), shouldReEncrypt: false }),
  getSelectedStorageBackend: () => 'gnome_libsecret',
};
