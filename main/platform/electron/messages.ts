/**
 * What the desktop process (windows, keychain, starting processes) and the host (a utilityProcess) say to each other.
 * Ports travel beside a message, in the order named at it.
 */
import type { ChildName } from '../types.ts';

/** A file that a ticket lets the page fetch once, under app://warroom/ticket/<ticket>. */
export interface TicketFile {
  path: string;
  media: string;
  name: string;
  asDownload: boolean;
}

export interface StartMessage {
  type: 'start';
  dataDir: string;
  drill: boolean;
  /** TCP port of the loopback door for browsers; 0: every port is a free one. */
  port: number;
  /** What stands between the stored keys and a reader of this disk. Null: the system's keychain does. */
  keychainWarning: string | null;
}

export type ToHost =
  | StartMessage
  /** A page asked for the room. Ports: [control, bulk]. They close with the page. */
  | { type: 'page'; window: number }
  /** A process asked for by `fork` runs. Ports: [its message channel]. */
  | { type: 'forked'; request: number; pid: number | null }
  | { type: 'child-exit'; request: number; code: number | null }
  /** The answer to `secret-get` and `secret-set`. */
  | { type: 'secret'; request: number; value: Uint8Array | null }
  | { type: 'secret-failed'; request: number; code: 'damaged' | 'denied'; message: string; hint: string }
  /** A page fetches a ticket: the host answers with `ticket`. */
  | { type: 'ticket'; request: number; ticket: string }
  /** Close everything in order, then end. */
  | { type: 'stop' };

export type FromHost =
  /** Pages may ask now. `title` is for the window. */
  | { type: 'ready' }
  /** It can't serve and will end. Shown to the person as it is. */
  | { type: 'failed'; message: string; hint: string }
  | { type: 'fork'; request: number; name: ChildName }
  | { type: 'kill'; request: number }
  | { type: 'secret-get'; request: number; name: string }
  | { type: 'secret-set'; request: number; name: string; value: Uint8Array }
  | { type: 'ticket'; request: number; file: TicketFile | null }
  /** A notification of the operating system. */
  | { type: 'notify'; title: string; body: string };

/** The part of Electron's MessagePortMain that is used; it delivers nothing before `start`. */
export interface ElectronPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}
