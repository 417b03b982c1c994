import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { concat } from '../../common/lib/bytes.ts';
import type { Crypto } from '../../common/lib/crypto.ts';
import { verifyStrict } from '../../common/lib/ed25519.ts';

/** @noble for the page. */
export const nobleCrypto: Crypto = {
  sha256: (...parts) => sha256(concat(...parts)),
  sha512: (...parts) => sha512(concat(...parts)),
  verifyEd25519: verifyStrict,
};
