/** Public keys as FORMATS writes them: C2SP verifier keys, fingerprints, PEM. */
import { concat, equalBytes, fromBase64, fromHex, toBase64, toHex, utf8 } from '../lib/bytes.ts';
import type { Crypto } from '../lib/crypto.ts';
import { WarroomError } from '../lib/errors.ts';

/** 1: Ed25519 (incident and device keys), 4: Ed25519 for cosignatures. */
export type KeyAlgorithm = 1 | 4;

export interface VerifierKey {
  /** Without spaces or `+`. */
  name: string;
  alg: KeyAlgorithm;
  /** 32 bytes. */
  publicKey: Uint8Array;
  /** 4 bytes. */
  keyId: Uint8Array;
}

/** DER of SubjectPublicKeyInfo for Ed25519 (RFC 8410), less the key itself. */
const spkiPrefix = fromHex('302a300506032b6570032100');
const lineFeed = Uint8Array.of(0x0a);

/** keyId = SHA-256(name ‖ 0x0A ‖ alg ‖ public key)[:4]. */
export function makeVkey(
  crypto: Crypto,
  name: string,
  alg: KeyAlgorithm,
  publicKey: Uint8Array,
): VerifierKey {
  if (!name || /[\s+]/.test(name)) throw new WarroomError('bad-input', `"${name}" is no name for a key.`);
  if (publicKey.length !== 32) throw new WarroomError('bad-input', 'An Ed25519 key has 32 bytes.');
  const keyId = crypto.sha256(utf8(name), lineFeed, Uint8Array.of(alg), publicKey).slice(0, 4);
  return { name, alg, publicKey, keyId };
}

/** `name+hex(keyid)+base64(alg ‖ public key)`. */
export function encodeVkey({ name, alg, publicKey, keyId }: VerifierKey): string {
  return `${name}+${toHex(keyId)}+${toBase64(concat(Uint8Array.of(alg), publicKey))}`;
}

/** Reads a VKEY. Throws `bad-input` for anything malformed, and for a key id that is not the key's. */
export function parseVkey(crypto: Crypto, text: string): VerifierKey {
  const [name = '', id = '', ...rest] = text.split('+');
  const key = fromBase64(rest.join('+'));
  const alg = key[0];
  if (key.length !== 33 || (alg !== 1 && alg !== 4))
    throw new WarroomError(
      'bad-input',
      'This is no verifier key of Ed25519.',
      'A VKEY reads name+8 hex digits+base64.',
    );
  const vkey = makeVkey(crypto, name, alg, key.subarray(1));
  if (id.length !== 8 || !equalBytes(fromHex(id), vkey.keyId))
    throw new WarroomError(
      'bad-input',
      `The id of the key "${name}" is not its own.`,
      'Copy the whole VKEY again.',
    );
  return vkey;
}

/** SHA-256 of the key's DER SubjectPublicKeyInfo, hex. */
export function fingerprint(crypto: Crypto, publicKey: Uint8Array): string {
  return toHex(crypto.sha256(spkiPrefix, publicKey));
}

/** The key as a PEM file, with a line feed at its end, as openssl writes it. */
export function publicKeyPem(publicKey: Uint8Array): string {
  return `-----BEGIN PUBLIC KEY-----\n${toBase64(concat(spkiPrefix, publicKey))}\n-----END PUBLIC KEY-----\n`;
}

/** The raw key of a PEM file. Throws `bad-input` for anything that `publicKeyPem` would not have written. */
export function publicKeyFromPem(pem: string): Uint8Array {
  const der = fromBase64(pem.split('\n')[1] ?? '');
  const publicKey = der.subarray(spkiPrefix.length);
  if (publicKey.length !== 32 || publicKeyPem(publicKey) !== pem)
    throw new WarroomError('bad-input', 'This is no PEM file of an Ed25519 key.');
  return publicKey;
}

export const incidentKeyName = (incident: string) => `warroom/${incident}`;
export const cosignatureKeyName = (incident: string, seat: string) => `warroom/${incident}/seat/${seat}`;
export const deviceKeyName = (crypto: Crypto, publicKey: Uint8Array) =>
  `warroom-device/${fingerprint(crypto, publicKey).slice(0, 16)}`;
