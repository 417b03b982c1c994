/** A growing Merkle tree that can still give the root of every size it ever had. */
import type { Crypto } from '../lib/crypto.ts';
import { emptyRoot, nodeHash } from './merkle.ts';

export interface TreeHistory {
  readonly size: number;
  append(leaf: Uint8Array): void;
  /** Root of the first `size` leaves, in O(log n). Throws a RangeError unless 0 ≤ size ≤ this.size. */
  rootAt(size: number): Uint8Array;
}

const hashBytes = 32;

/** Keeps every complete subtree: 64 bytes a leaf. */
export function createTreeHistory(crypto: Crypto): TreeHistory {
  /** levels[k]: roots of the complete subtrees of 2^k leaves, in order. */
  const levels: HashList[] = [];
  let size = 0;
  return {
    get size() {
      return size;
    },
    append(leaf) {
      let hash = leaf;
      for (let level = 0; ; level++) {
        const list = (levels[level] ??= createHashList());
        list.push(hash);
        if (list.length % 2 === 1) break;
        hash = nodeHash(crypto, list.at(list.length - 2), list.at(list.length - 1));
      }
      size++;
    },
    rootAt(wanted) {
      if (!Number.isSafeInteger(wanted) || wanted < 0 || wanted > size)
        throw new RangeError(`no tree of ${wanted} in one of ${size}`);
      let root: Uint8Array | null = null;
      // The smallest subtree of n's binary digits stands rightmost: fold from there.
      for (let level = 0, rest = wanted; rest > 0; level++, rest = Math.floor(rest / 2)) {
        if (rest % 2 === 0) continue;
        const peak = levels[level]!.at(rest - 1);
        root = root ? nodeHash(crypto, peak, root) : peak;
      }
      return root ?? emptyRoot(crypto);
    },
  };
}

interface HashList {
  readonly length: number;
  push(hash: Uint8Array): void;
  at(index: number): Uint8Array;
}

/** Hashes side by side in one array: 100 000 objects would take four times the memory. */
function createHashList(): HashList {
  let bytes = new Uint8Array(hashBytes * 4);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(hash) {
      if ((length + 1) * hashBytes > bytes.length) {
        const larger = new Uint8Array(bytes.length * 2);
        larger.set(bytes);
        bytes = larger;
      }
      bytes.set(hash, length * hashBytes);
      length++;
    },
    at: (index) => bytes.slice(index * hashBytes, (index + 1) * hashBytes),
  };
}
