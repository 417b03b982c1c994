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
}

/** The caches of an incident. Pages of nodes have their own: a walk over many samples must not cost the nodes. */
export interface PageCaches {
  nodes: PageCache;
  samples: PageCache;
  /** Numbers of keys that nobody else uses: `count` of them from the answer on. */
  keys(count: number): number;
}

interface Entry {
  key: number;
  readonly page: Page;
  readonly stride: Uint8Array<ArrayBuffer>;
  newer: Entry;
  older: Entry;
  /** How many pages had been filled when it was last put first. */
  since: number;
}

/** At least the pages of a few chunks are kept, whatever is said. */
const fewest = 1024;
/** Pages lie side by side in large pieces of memory: the processor finds them faster than if each had its own. */
const slabPages = 256;

/** `bytes` is for both caches together. */
export function createPageCaches(bytes = 64 << 20): PageCaches {
  let nextKey = 0;
  return {
    nodes: createPageCache(bytes / 4),
    samples: createPageCache((bytes / 4) * 3),
    keys(count) {
      nextKey += count;
      return nextKey - count;
    },
  };
}

export function createPageCache(bytes: number): PageCache {
  const most = Math.max(fewest, Math.floor(bytes / pageBytes));
  /** What was put first so few fills ago stays where it is: moving it about costs more than it orders. */
  const recent = most / 2;
  let fills = 0;
  const entries = new Map<number, Entry>();
  const createEntry = entrySource();
  const unused: Entry[] = [];
  /** A ring: its `older` is the newest, its `newer` the oldest. */
  const ring = {} as Entry;
  ring.newer = ring.older = ring;

  const unlink = (entry: Entry) => {
    entry.newer.older = entry.older;
    entry.older.newer = entry.newer;
  };
  const putFirst = (entry: Entry) => {
    entry.older = ring.older;
    entry.newer = ring;
    entry.since = fills;
    ring.older.newer = entry;
    ring.older = entry;
  };
  const fresh = (): Entry => {
    const free = unused.pop();
    if (free) return free;
    if (entries.size < most) return createEntry(ring);
    const oldest = ring.newer;
    unlink(oldest);
    entries.delete(oldest.key);
    return oldest;
  };

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (fills - entry.since > recent) {
        unlink(entry);
        putFirst(entry);
      }
      return entry.page;
    },
    has: (key) => entries.has(key),
    fill(key) {
      const entry = fresh();
      fills++;
      entry.key = key;
      putFirst(entry);
      entries.set(key, entry);
      return entry.stride;
    },
    drop(key) {
      const entry = entries.get(key);
      if (!entry) return;
      unlink(entry);
      entries.delete(key);
      unused.push(entry);
    },
  };
}

function entrySource(): (ring: Entry) => Entry {
  let slab = new ArrayBuffer(0);
  let at = 0;
  return (ring) => {
    if (at === slab.byteLength) {
      slab = new ArrayBuffer(slabPages * pageStride);
      at = 0;
    }
    const stride = new Uint8Array(slab, at, pageStride);
    at += pageStride;
    return {
      key: -1,
      page: createPage(slab, stride.byteOffset),
      stride,
      newer: ring,
      older: ring,
      since: 0,
    };
  };
}
