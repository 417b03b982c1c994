import type { BulkStream } from '../../main/platform/call.ts';

/** A stream whose page is a terminal that the test plays. */
export interface TerminalPage extends BulkStream {
  /** Everything sent so far, as text. */
  text(): string;
  readonly received: number;
  readonly hasEnded: boolean;
  readonly failure: string | null;
  /** The page takes so many more bytes. */
  give(bytes: number): void;
  /** The page sends keys. */
  type(text: string): Promise<void>;
  /** Resolves once `text` was sent after the `from`th character. */
  shows(text: string, from?: number): Promise<void>;
  closed: Promise<void>;
}

/** A page that takes everything, unless `credit` is given. */
export function createTerminalPage(credit = Number.MAX_SAFE_INTEGER): TerminalPage {
  let left = credit;
  let received = 0;
  let shown: string[] = [];
  let hasEnded = false;
  let failure: string | null = null;
  const decoder = new TextDecoder();
  const creditListeners: (() => void)[] = [];
  const closeListeners: (() => void)[] = [];
  const watchers = new Set<() => void>();
  let onData: (payload: Uint8Array) => void | Promise<void> = () => undefined;
  const allShown = () => shown.join('');
  const closed = Promise.withResolvers<void>();
  const close = () => {
    if (hasEnded) return;
    hasEnded = true;
    for (const listener of closeListeners) listener();
    closed.resolve();
  };
  return {
    id: 1,
    get credit() {
      return left;
    },
    get received() {
      return received;
    },
    get hasEnded() {
      return hasEnded;
    },
    get failure() {
      return failure;
    },
    closed: closed.promise,
    text: allShown,
    send: (payload) => {
      if (payload.length > left) throw new Error('More was sent than was credited.');
      left -= payload.length;
      received += payload.length;
      shown.push(decoder.decode(payload, { stream: true }));
      // A page forgets too.
      if (shown.length > 400) shown = shown.slice(-200);
      for (const watcher of [...watchers]) watcher();
    },
    onCredit: (listener) => void creditListeners.push(listener),
    onData: (listener) => {
      onData = listener;
    },
    onEnd: () => undefined,
    onClose: (listener) => void closeListeners.push(listener),
    end: close,
    fail: (message) => {
      failure = message;
      close();
    },
    give: (bytes) => {
      left += bytes;
      for (const listener of creditListeners) listener();
    },
    type: async (text) => onData(new TextEncoder().encode(text)),
    shows: (text, from = 0) =>
      new Promise((resolve) => {
        const look = () => {
          if (!allShown().slice(from).includes(text)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}
