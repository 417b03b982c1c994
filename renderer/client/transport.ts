import type { ClientLink } from '@orpc/client';

/** What oRPC sends through. */
export type ControlLink = ClientLink<Record<never, never>>;

/** What carries bulk frames: a socket or a MessagePort. One message is one frame. */
export interface BulkWire {
  send(bytes: Uint8Array<ArrayBuffer>): void;
  onMessage(listener: (bytes: Uint8Array) => void): void;
}

/** One authenticated link to the host: both planes. It is never reopened; a new one takes its place. */
export interface Transport {
  readonly control: ControlLink;
  readonly bulk: BulkWire;
  /** Called once when either plane is gone; at once when it is gone already. */
  onLost(listener: (reason: string) => void): void;
  close(): void;
}

/** Tells one listener of one event, whichever comes first. */
export function createOnce(): { fire(reason: string): void; on(listener: (reason: string) => void): void } {
  let fired: string | null = null;
  const listeners: ((reason: string) => void)[] = [];
  return {
    fire(reason) {
      if (fired !== null) return;
      fired = reason;
      for (const listener of listeners.splice(0)) listener(reason);
    },
    on(listener) {
      if (fired !== null) listener(fired);
      else listeners.push(listener);
    },
  };
}
