import { createPage, pageBytes, type Page } from '../../common/signal/pages.ts';

/**
 * Pages of all channels in memory, of which those not used for longest make room. A page that is answered is good until
 * as many others were filled as the cache holds.
 */
export interface PageCache {
  get(key: number): Page | undefined;
  /** A page for `key`, to be filled at once. Its bytes may be those of another key, which is then no longer there. */
  fill(key: number): Page;
  /** Numbers of keys that nobody else uses: `count` of them from the answer on. */
  keys(count: number): number;
}

interface Entry {
  key: number;
  readonly page: Page;
  newer: Entry;
  older: Entry;
}

/** At least the pages of a few chunks are kept, whatever `bytes` says. */
const fewest = 1024;

export function createPageCache(bytes = 64 << 20): PageCache {
  const most = Math.max(fewest, Math.floor(bytes / pageBytes));
  const entries = new Map<number, Entry>();
  let nextKey = 0;
  /** A ring: its `older` is the newest, its `newer` the oldest. */
  const ring = {} as Entry;
  ring.newer = ring.older = ring;

  const remove = ({ newer, older }: Entry) => {
    newer.older = older;
    older.newer = newer;
  };
  const putFirst = (entry: Entry) => {
    entry.older = ring.older;
    entry.newer = ring;
    ring.older.newer = entry;
    ring.older = entry;
  };
  const fresh = (key: number): Entry => {
    if (entries.size < most) return { key, page: createPage(), newer: ring, older: ring };
    const entry = ring.newer;
    remove(entry);
    entries.delete(entry.key);
    entry.key = key;
    return entry;
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      remove(entry);
      putFirst(entry);
      return entry.page;
    },
    fill(key) {
      const entry = fresh(key);
      putFirst(entry);
      entries.set(key, entry);
      return entry.page;
    },
    keys(count) {
      nextKey += count;
      return nextKey - count;
    },
  };
}
