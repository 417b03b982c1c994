import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../main/platform/node/crypto.ts';
import { nobleCrypto } from '../../renderer/client/crypto.ts';
import { fromHex, toHex } from '../lib/bytes.ts';
import {
  consistencyProof,
  createTree,
  emptyRoot,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

const inputs = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
/** Roots of the first n inputs, as published with Certificate Transparency's reference trees. */
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe.each([
  ['node', nodeCrypto],
  ['noble', nobleCrypto],
])('the Merkle tree in %s', (_name, crypto) => {
  const leaves = inputs.map((input) => leafHash(crypto, fromHex(input)));

  it('has the published roots, at once and grown', () => {
    const tree = createTree(crypto);
    expect(toHex(emptyRoot(crypto))).toBe(roots[0]);
    roots.forEach((root, size) => {
      expect(toHex(rootOf(crypto, leaves.slice(0, size)))).toBe(root);
      expect(toHex(tree.root())).toBe(root);
      if (size < leaves.length) tree.append(leaves[size]!);
    });
  });
});

describe('proofs', () => {
  const crypto = nodeCrypto;
  const leaves = Array.from({ length: 33 }, (_, i) => leafHash(crypto, Uint8Array.of(i)));
  const rootAt = (size: number) => rootOf(crypto, leaves.slice(0, size));
  const flipped = (hash: Uint8Array) => hash.map((byte, i) => (i === 5 ? byte ^ 1 : byte));

  it('of inclusion hold for every leaf of every size, and for nothing else', () => {
    for (let size = 1; size <= leaves.length; size++) {
      for (let index = 0; index < size; index++) {
        const claim = {
          leaf: leaves[index]!,
          index,
          size,
          root: rootAt(size),
          proof: inclusionProof(crypto, leaves.slice(0, size), index),
        };
        expect(verifyInclusion(crypto, claim)).toBe(true);
        expect(verifyInclusion(crypto, { ...claim, leaf: flipped(claim.leaf) })).toBe(false);
        expect(verifyInclusion(crypto, { ...claim, root: flipped(claim.root) })).toBe(false);
        expect(verifyInclusion(crypto, { ...claim, proof: [...claim.proof, leaves[0]!] })).toBe(false);
        expect(verifyInclusion(crypto, { ...claim, index: size })).toBe(false);
        claim.proof.forEach((_, i) => {
          const proof = claim.proof.map((hash, j) => (i === j ? flipped(hash) : hash));
          expect(verifyInclusion(crypto, { ...claim, proof })).toBe(false);
          expect(verifyInclusion(crypto, { ...claim, proof: claim.proof.toSpliced(i, 1) })).toBe(false);
        });
      }
    }
  });

  it('of consistency hold for every pair of sizes, and for nothing else', () => {
    for (let size2 = 1; size2 <= leaves.length; size2++) {
      for (let size1 = 1; size1 <= size2; size1++) {
        const proof = consistencyProof(crypto, leaves.slice(0, size2), size1);
        const claim = { size1, size2, root1: rootAt(size1), root2: rootAt(size2), proof };
        expect(verifyConsistency(crypto, claim)).toBe(true);
        expect(verifyConsistency(crypto, { ...claim, root1: flipped(claim.root1) })).toBe(false);
        expect(verifyConsistency(crypto, { ...claim, root2: flipped(claim.root2) })).toBe(false);
        expect(verifyConsistency(crypto, { ...claim, proof: [...proof, leaves[0]!] })).toBe(false);
        proof.forEach((_, i) => {
          expect(
            verifyConsistency(crypto, { ...claim, proof: proof.map((h, j) => (i === j ? flipped(h) : h)) }),
          ).toBe(false);
          expect(verifyConsistency(crypto, { ...claim, proof: proof.toSpliced(i, 1) })).toBe(false);
        });
      }
    }
  });

  it('refuse hashes that are not 32 bytes, and a first size of nothing', () => {
    const short = new Uint8Array(31);
    expect(verifyInclusion(crypto, { leaf: short, index: 0, size: 1, root: short, proof: [] })).toBe(false);
    const empty = { size1: 0, size2: 3, root1: emptyRoot(crypto), root2: rootAt(3), proof: [] };
    expect(verifyConsistency(crypto, empty)).toBe(false);
    expect(() => consistencyProof(crypto, leaves, 0)).toThrow(RangeError);
    expect(() => inclusionProof(crypto, leaves, 33)).toThrow(RangeError);
  });
});
