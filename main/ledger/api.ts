import type { contract } from '../../common/contract/index.ts';
import type { Entry } from '../../common/ledger/types.ts';
import type { Handlers } from '../platform/call.ts';
import type { Ledger, SignedCheckpoint } from './types.ts';

const batchSize = 512;

/** Reading the open incident's ledger. */
export function createLedgerApi(current: () => Ledger): Handlers<typeof contract.ledger> {
  return {
    range: ({ from, to }) => current().range(from, to),
    subscribe: ({ from }, call) => subscribe(current(), from, call.signal),
    checkpoints: (_input, call) => checkpoints(current(), call.signal),
  };
}

/** Batches from `from` on. Its cost follows what is asked for: what waits is a position, not a queue. */
async function* subscribe(ledger: Ledger, from: number, signal: AbortSignal | undefined) {
  const news = createNews((wake) => ledger.onCommit(wake), signal);
  let next = from;
  try {
    while (!signal?.aborted) {
      const entries: Entry[] =
        next < ledger.size ? ledger.range(next, Math.min(next + batchSize, ledger.size)) : [];
      if (entries.length > 0 || next === from) yield { entries, head: ledger.size };
      next += entries.length;
      if (next >= ledger.size) await news.wait(() => ledger.size > next);
    }
  } finally {
    news.stop();
  }
}

async function* checkpoints(ledger: Ledger, signal: AbortSignal | undefined) {
  const news = createNews((wake) => ledger.onCheckpoint(wake), signal);
  let last: SignedCheckpoint | null = null;
  try {
    while (!signal?.aborted) {
      const current = ledger.lastCheckpoint();
      if (current && current !== last) {
        last = current;
        yield { size: current.size, root: Buffer.from(current.root).toString('hex'), note: current.note };
      }
      await news.wait(() => ledger.lastCheckpoint() !== last);
    }
  } finally {
    news.stop();
  }
}

/** Waits for `isNews` with a listener that is never re-registered, so nothing between two waits is missed. */
function createNews(listen: (wake: () => void) => () => void, signal: AbortSignal | undefined) {
  let wake = () => {};
  const stop = listen(() => wake());
  const aborted = () => wake();
  signal?.addEventListener('abort', aborted);
  return {
    wait: async (isNews: () => boolean) => {
      while (!isNews() && !signal?.aborted) await new Promise<void>((resolve) => (wake = resolve));
    },
    stop: () => {
      stop();
      signal?.removeEventListener('abort', aborted);
    },
  };
}
