/**
 * Strict Ed25519 (RFC 8032, FORMATS: @noble with `zip215: false`), the same answer in every runtime. OpenSSL and @noble
 * differ in which encodings they let through, and in the equation: @noble checks the one of RFC 8032 times the cofactor,
 * OpenSSL without it, so that keys and signatures with a part of small order are valid in one and not in the other.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromHex } from './bytes.ts';

/** The judgement that counts. False, never an exception, for anything malformed. */
export function verifyStrict(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isStrictSignature(publicKey, signature)) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    // Noble throws for a key that is no point of the curve.
    return false;
  }
}

/** The order of the base point, little-endian. */
const groupOrder = fromHex('edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010');
/** 2^255 − 19, little-endian. */
const fieldPrime = fromHex('edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f');

/** y of the points of order 1, 2, 4 and 8 (little-endian, sign bit clear): such a key signs anything. */
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(fromHex);

/** Whether key and signature have their lengths, their canonical encodings and no small order. */
export function isStrictSignature(publicKey: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const y = withoutSign(publicKey);
  return (
    isBelow(y, fieldPrime) &&
    isBelow(withoutSign(signature.subarray(0, 32)), fieldPrime) &&
    isBelow(signature.subarray(32), groupOrder) &&
    !smallOrder.some((point) => point.every((byte, i) => byte === y[i]))
  );
}

function withoutSign(encoded: Uint8Array): Uint8Array {
  const y = encoded.slice();
  y[31]! &= 0x7f;
  return y;
}

/** a < b for little-endian numbers of the same length. */
function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = a.length - 1; i >= 0; i--) if (a[i] !== b[i]) return a[i]! < b[i]!;
  return false;
}
