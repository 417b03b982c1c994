/** DSSE envelopes (dsse v1): what is signed is the pre-authentication encoding of type and body. */
import { canonicalize, parseJson } from '../lib/canonical.ts';
import { concat, fromBase64, fromUtf8, toBase64, utf8 } from '../lib/bytes.ts';
import type { Crypto, Signer } from '../lib/crypto.ts';
import { WarroomError } from '../lib/errors.ts';
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
  const envelope = parseJson(text);
  if (!isEnvelope(envelope) || canonicalize(envelope) !== text)
    throw new WarroomError('damaged', 'The envelope is not a canonical DSSE envelope with one signature.');
  const { payload, payloadType, signatures } = envelope;
  const body = fromBase64(payload);
  const [{ keyid, sig }] = signatures;
  if (keyid !== fingerprint(crypto, publicKey))
    throw new WarroomError('damaged', 'The envelope is signed by another key.');
  if (!crypto.verifyEd25519(publicKey, pae(payloadType, body), fromBase64(sig)))
    throw new WarroomError('damaged', 'The signature of the envelope is not valid.');
  return { payloadType, payload: body };
}

/** The payload without any check, for finding out which key it names. */
export function peekEnvelope(text: string): unknown {
  const envelope = parseJson(text);
  if (!isEnvelope(envelope)) throw new WarroomError('damaged', 'This is no DSSE envelope.');
  return parseJson(fromUtf8(fromBase64(envelope.payload)));
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

function hasExactly(value: unknown, members: string[]): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).sort().join() === [...members].sort().join()
  );
}
