import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import { concat, fromHex } from '../../../common/lib/bytes.ts';
import type { Crypto, Signer } from '../../../common/lib/crypto.ts';
import { isStrictSignature, verifyStrict } from '../../../common/lib/ed25519.ts';

const spkiPrefix = fromHex('302a300506032b6570032100');
const pkcs8Prefix = fromHex('302e020100300506032b657004220420');

/** `node:crypto` for the host. */
export const nodeCrypto: Crypto = {
  sha256: (...parts) => digest('sha256', parts),
  sha512: (...parts) => digest('sha512', parts),
  verifyEd25519: (publicKey, message, signature) => {
    if (!isStrictSignature(publicKey, signature)) return false;
    // What OpenSSL accepts is valid for @noble too; what it refuses may be only its stricter equation.
    return (
      verify(null, message, publicKeyOf(publicKey), signature) || verifyStrict(publicKey, message, signature)
    );
  },
};

function digest(algorithm: 'sha256' | 'sha512', parts: Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  // The one-shot call costs half as much for the small inputs of a tree.
  if (parts.length === 1 || length < 65_536)
    return new Uint8Array(hash(algorithm, parts.length === 1 ? parts[0]! : concat(...parts), 'buffer'));
  const hashing = createHash(algorithm);
  for (const part of parts) hashing.update(part);
  return new Uint8Array(hashing.digest());
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.from(concat(spkiPrefix, raw)), format: 'der', type: 'spki' });
}

/** A signer whose 32-byte secret can be stored. */
export type StoredSigner = Signer & { readonly secret: Uint8Array };

/** The signer of an RFC 8032 secret (32 bytes). */
export function signerFromSecret(secret: Uint8Array): StoredSigner {
  const key = createPrivateKey({
    key: Buffer.from(concat(pkcs8Prefix, secret)),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    secret,
    publicKey: new Uint8Array(spki.subarray(spkiPrefix.length)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

/** A fresh key. */
export function generateSigner(): StoredSigner {
  const pkcs8 = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  return signerFromSecret(new Uint8Array(pkcs8.subarray(pkcs8Prefix.length)));
}
