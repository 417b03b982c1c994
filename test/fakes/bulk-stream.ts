import type { BulkStream } from '../../main/platform/call.ts';

/** The host's end of a stream, with a page that does what the test says. Holds the host to its credit. */
export interface FakeBulkStream extends BulkStream {
  /** Payloads that the host sent, in order; take them out as the page would. */
  readonly sent: Uint8Array[];
  readonly isOpen: boolean;
  readonly failure: string | null;
  /** The page takes `bytes` more. */
  grant(bytes: number): void;
  /** The page sends data; resolves when the host has taken it. */
  fromPage(payload: Uint8Array): Promise<void>;
  /** The page ends its side. */
  endByPage(): void;
  /** The link is lost. */
  loseLink(): void;
}

export function createFakeBulkStream(id = 1): FakeBulkStream {
  const creditListeners: (() => void)[] = [];
  const endListeners: (() => void)[] = [];
  const closeListeners: (() => void)[] = [];
  let dataListener: ((payload: Uint8Array) => void | Promise<void>) | null = null;
  let credit = 0;
  let isOpen = true;
  let failure: string | null = null;
  const sent: Uint8Array[] = [];
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    for (const listener of closeListeners.splice(0)) listener();
  };
  return {
    id,
    sent,
    get credit() {
      return credit;
    },
    get isOpen() {
      return isOpen;
    },
    get failure() {
      return failure;
    },
    send(payload) {
      if (!isOpen) return;
      if (payload.length > credit) throw new Error(`${payload.length} bytes sent with a credit of ${credit}`);
      credit -= payload.length;
      sent.push(payload.slice());
    },
    onCredit: (listener) => void creditListeners.push(listener),
    onData: (listener) => {
      dataListener = listener;
    },
    onEnd: (listener) => void endListeners.push(listener),
    onClose: (listener) => (isOpen ? void closeListeners.push(listener) : listener()),
    end: close,
    fail(message) {
      failure = message;
      close();
    },
    grant(bytes) {
      credit += bytes;
      for (const listener of creditListeners) listener();
    },
    async fromPage(payload) {
      await dataListener?.(payload);
    },
    endByPage() {
      for (const listener of endListeners) listener();
    },
    loseLink: close,
  };
}
