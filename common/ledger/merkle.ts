/** The Merkle tree of RFC 6962 and RFC 9162: leaves 0x00, nodes 0x01, split at the largest power of two below n. */
import { equalBytes } from '../lib/bytes.ts';
import type { Crypto } from '../lib/crypto.ts';

const leafPrefix = Uint8Array.of(0x00);
const nodePrefix = Uint8Array.of(0x01);

/** SHA-256(0x00 ‖ entry). */
export function leafHash(crypto: Crypto, entry: Uint8Array): Uint8Array {
  return crypto.sha256(leafPrefix, entry);
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(crypto: Crypto, left: Uint8Array, right: Uint8Array): Uint8Array {
  return crypto.sha256(nodePrefix, left, right);
}

/** SHA-256 of nothing. */
export function emptyRoot(crypto: Crypto): Uint8Array {
  return crypto.sha256();
}

/** Root over leaf hashes. */
export function rootOf(crypto: Crypto, leaves: readonly Uint8Array[]): Uint8Array {
  return rangeRoot(crypto, leaves, 0, leaves.length);
}

function rangeRoot(crypto: Crypto, leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const count = to - from;
  if (count === 0) return emptyRoot(crypto);
  if (count === 1) return leaves[from]!;
  const middle = from + splitOf(count);
  return nodeHash(crypto, rangeRoot(crypto, leaves, from, middle), rangeRoot(crypto, leaves, middle, to));
}

/** The largest power of two below n (n > 1). */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** PATH(index, leaves), RFC 6962 2.1.1. Throws a RangeError when there is no such leaf. */
export function inclusionProof(crypto: Crypto, leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError(`no leaf ${index} of ${leaves.length}`);
  const path = (from: number, to: number): Uint8Array[] => {
    if (to - from === 1) return [];
    const middle = from + splitOf(to - from);
    return index < middle
      ? [...path(from, middle), rangeRoot(crypto, leaves, middle, to)]
      : [...path(middle, to), rangeRoot(crypto, leaves, from, middle)];
  };
  return path(0, leaves.length);
}

/** PROOF(size1, leaves), RFC 6962 2.1.2. Throws a RangeError unless 0 < size1 ≤ leaves. */
export function consistencyProof(crypto: Crypto, leaves: readonly Uint8Array[], size1: number): Uint8Array[] {
  if (!(size1 > 0 && size1 <= leaves.length))
    throw new RangeError(`no tree of ${size1} in one of ${leaves.length}`);
  const subProof = (from: number, to: number, isWhole: boolean): Uint8Array[] => {
    const count = to - from;
    const wanted = size1 - from;
    if (wanted === count) return isWhole ? [] : [rangeRoot(crypto, leaves, from, to)];
    const middle = from + splitOf(count);
    return size1 <= middle
      ? [...subProof(from, middle, isWhole), rangeRoot(crypto, leaves, middle, to)]
      : [...subProof(middle, to, false), rangeRoot(crypto, leaves, from, middle)];
  };
  return subProof(0, leaves.length, true);
}

export interface InclusionClaim {
  leaf: Uint8Array;
  index: number;
  size: number;
  root: Uint8Array;
  proof: readonly Uint8Array[];
}

/** RFC 9162 2.1.3.2. False for anything malformed. */
export function verifyInclusion(crypto: Crypto, { leaf, index, size, root, proof }: InclusionClaim): boolean {
  if (![leaf, root, ...proof].every(isHash) || !isSize(index) || !isSize(size) || index >= size) return false;
  let fn = index;
  let sn = size - 1;
  let hash = leaf;
  for (const step of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(crypto, step, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else hash = nodeHash(crypto, hash, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equalBytes(hash, root);
}

export interface ConsistencyClaim {
  size1: number;
  size2: number;
  root1: Uint8Array;
  root2: Uint8Array;
  proof: readonly Uint8Array[];
}

/** RFC 9162 2.1.4.2. False for anything malformed, and for size1 = 0 (FORMATS). */
export function verifyConsistency(
  crypto: Crypto,
  { size1, size2, root1, root2, proof }: ConsistencyClaim,
): boolean {
  if (![root1, root2, ...proof].every(isHash) || !isSize(size1) || !isSize(size2)) return false;
  if (size1 === 0 || size1 > size2) return false;
  if (size1 === size2) return proof.length === 0 && equalBytes(root1, root2);
  if (proof.length === 0) return false;
  const steps = isPowerOfTwo(size1) ? [root1, ...proof] : [...proof];
  let fn = size1 - 1;
  let sn = size2 - 1;
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let first = steps[0]!;
  let second = steps[0]!;
  for (const step of steps.slice(1)) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      first = nodeHash(crypto, step, first);
      second = nodeHash(crypto, step, second);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else second = nodeHash(crypto, second, step);
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && equalBytes(first, root1) && equalBytes(second, root2);
}

const half = (n: number) => Math.floor(n / 2);
const isHash = (bytes: Uint8Array) => bytes.length === 32;
const isSize = (n: number) => Number.isSafeInteger(n) && n >= 0;
function isPowerOfTwo(n: number): boolean {
  let rest = n;
  while (rest > 1 && rest % 2 === 0) rest = half(rest);
  return rest === 1;
}

/** A tree that grows: it keeps one hash per complete subtree, so a root costs O(log n). */
export interface Tree {
  readonly size: number;
  append(leaf: Uint8Array): void;
  root(): Uint8Array;
}

export function createTree(crypto: Crypto): Tree {
  let size = 0;
  // Roots of the complete subtrees of n's binary digits, largest first.
  const peaks: Uint8Array[] = [];
  return {
    get size() {
      return size;
    },
    append(leaf) {
      peaks.push(leaf);
      // Each trailing one bit of the old size is a subtree that the new leaf completes.
      for (let n = size; n % 2 === 1; n = half(n)) {
        const right = peaks.pop()!;
        peaks.push(nodeHash(crypto, peaks.pop()!, right));
      }
      size++;
    },
    root: () =>
      size === 0 ? emptyRoot(crypto) : peaks.reduceRight((right, left) => nodeHash(crypto, left, right)),
  };
}
