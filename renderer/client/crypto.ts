import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concat } from '../../common/lib/bytes.ts';
import type { Crypto } from '../../common/lib/crypto.ts';
import { isStrictSignature } from '../../common/lib/ed25519.ts';

/** @noble for the page. */
export const nobleCrypto: Crypto = {
  sha256: (...parts) => sha256(concat(...parts)),
  sha512: (...parts) => sha512(concat(...parts)),
  verifyEd25519: (publicKey, message, signature) => {
    if (!isStrictSignature(publicKey, signature)) return false;
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      // Noble throws for a key that is no point of the curve; the contract says false.
      return false;
    }
  },
};
