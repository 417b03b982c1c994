/** DSSE envelopes (dsse v1): what is signed is the pre-authentication encoding of type and body. */
import { hasExactly } from '../lib/members.ts';
import { canonicalize, parseCanonical } from '../lib/canonical.ts';
import { concat, fromBase64, fromUtf8, toBase64, utf8 } from '../lib/bytes.ts';
import type { Crypto, Signer } from '../lib/crypto.ts';
import { messageOf, WarroomError } from '../lib/errors.ts';
import { fingerprint } from './vkey.ts';

/** `DSSEv1 len(type) type len(body) body`. */
export function pae(type: string, body: Uint8Array): Uint8Array {
  const typeBytes = utf8(type);
  return concat(utf8(`DSSEv1 ${typeBytes.length} `), typeBytes, utf8(` ${body.length} `), body);
}

/** A canonical envelope with one signature, no line feed at its end. */
export function signEnvelope(
  crypto: Crypto,
  signer: Signer,
  payloadType: string,
  payload: Uint8Array,
): string {
  const signature = {
    keyid: fingerprint(crypto, signer.publicKey),
    sig: toBase64(signer.sign(pae(payloadType, payload))),
  };
  return canonicalize({ payload: toBase64(payload), payloadType, signatures: [signature] });
}

export interface OpenedEnvelope {
  payloadType: string;
  /** The verified bytes: use these, never parse the envelope again. */
  payload: Uint8Array;
}

interface EnvelopeShape {
  payload: string;
  payloadType: string;
  signatures: [{ keyid: string; sig: string }];
}

/** Verifies, then answers the verified bytes. Throws `damaged` for any other form, key or signature. */
export function openEnvelope(crypto: Crypto, text: string, publicKey: Uint8Array): OpenedEnvelope {
  const { payload, payloadType, signatures } = readEnvelope(text);
  const body = decode(payload);
  const [{ keyid, sig }] = signatures;
  if (keyid !== fingerprint(crypto, publicKey))
    throw new WarroomError('damaged', 'The envelope is signed by another key.');
  if (!crypto.verifyEd25519(publicKey, pae(payloadType, body), decode(sig)))
    throw new WarroomError('damaged', 'The signature of the envelope is not valid.');
  return { payloadType, payload: body };
}

/** The payload without any check of its signature, for finding out which key it names. */
export function peekEnvelope(text: string): unknown {
  return parseCanonical(fromUtf8(decode(readEnvelope(text).payload)));
}

function readEnvelope(text: string): EnvelopeShape {
  try {
    const envelope = parseCanonical(text);
    if (isEnvelope(envelope)) return envelope;
  } catch (error) {
    throw new WarroomError('damaged', `The envelope is not canonical: ${messageOf(error)}`);
  }
  throw new WarroomError('damaged', 'The envelope is not a DSSE envelope with exactly one signature.');
}

function decode(base64: string): Uint8Array {
  try {
    return fromBase64(base64);
  } catch (error) {
    throw new WarroomError('damaged', `In the envelope: ${messageOf(error)}`);
  }
}

function isEnvelope(value: unknown): value is EnvelopeShape {
  if (!hasExactly(value, ['payload', 'payloadType', 'signatures'])) return false;
  const { payload, payloadType, signatures } = value;
  if (typeof payload !== 'string' || typeof payloadType !== 'string' || !Array.isArray(signatures))
    return false;
  const [signature] = signatures as unknown[];
  return (
    signatures.length === 1 &&
    hasExactly(signature, ['keyid', 'sig']) &&
    typeof signature.keyid === 'string' &&
    typeof signature.sig === 'string'
  );
}
