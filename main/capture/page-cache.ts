import { createPage, pageBytes, type Page } from '../../common/signal/pages.ts';
import { pageStride } from './pyramid-layout.ts';

/**
 * Pages of all channels in memory, of which those not used for longest make room. A page that is answered is good until
 * half as many others were filled as the cache holds.
 */
export interface PageCache {
  get(key: number): Page | undefined;
  has(key: number): boolean;
  /**
   * The bytes of a page for `key` and of its checksum, to be filled at once. They may have been those of another key,
   * which is then no longer there.
   */
  fill(key: number): Uint8Array;
  /** What `fill` was given was no page. */
  drop(key: number): void;
  /** Numbers of keys that nobody else uses: `count` of them from the answer on. */
  keys(count: number): number;
}

interface Entry {
  key: number;
  readonly page: Page;
  readonly stride: Uint8Array;
  newer: Entry;
  older: Entry;
  /** How many pages had been filled when it was last put first. */
  since: number;
}

/** At least the pages of a few chunks are kept, whatever `bytes` says. */
const fewest = 1024;

export function createPageCache(bytes = 64 << 20): PageCache {
  const most = Math.max(fewest, Math.floor(bytes / pageBytes));
  /** What was put first so few fills ago stays where it is: moving it about costs more than it orders. */
  const recent = most / 2;
  let fills = 0;
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
    entry.since = fills;
    ring.older.newer = entry;
    ring.older = entry;
  };
  const fresh = (key: number): Entry => {
    if (entries.size < most) {
      const stride = new Uint8Array(pageStride);
      return {
        key,
        page: createPage(stride.subarray(0, pageBytes)),
        stride,
        newer: ring,
        older: ring,
        since: 0,
      };
    }
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
      if (fills - entry.since > recent) {
        remove(entry);
        putFirst(entry);
      }
      return entry.page;
    },
    fill(key) {
      const entry = fresh(key);
      fills++;
      putFirst(entry);
      entries.set(key, entry);
      return entry.stride;
    },
    has: (key) => entries.has(key),
    drop(key) {
      const entry = entries.get(key);
      if (!entry) return;
      remove(entry);
      entries.delete(key);
    },
    keys(count) {
      nextKey += count;
      return nextKey - count;
    },
  };
}
