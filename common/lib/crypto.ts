/**
 * Hashing and checking signatures, given by the runtime: `node:crypto` in the host, @noble in the page.
 * Both pass `common/lib/crypto.contract.ts`. Signing is not here: only the host holds private keys.
 */
export interface Crypto {
  /** SHA-256 of the parts joined. */
  sha256(...parts: Uint8Array[]): Uint8Array;
  /** SHA-512 of the parts joined. */
  sha512(...parts: Uint8Array[]): Uint8Array;
  /** Ed25519 (RFC 8032, strict: no ZIP 215 leniency). False, never an exception, for anything malformed. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Something that signs with one Ed25519 key. The private half never leaves it. */
export interface Signer {
  /** The raw public key, 32 bytes. */
  readonly publicKey: Uint8Array;
  /** A 64-byte Ed25519 signature of `message`. */
  sign(message: Uint8Array): Uint8Array;
}
