/** A seat's signed request (FORMATS, Ledger: `req`). */
import { canonicalize, parseCanonical } from '../lib/canonical.ts';
import { fromBase64, toBase64, utf8 } from '../lib/bytes.ts';
import type { Crypto, Signer } from '../lib/crypto.ts';
import { messageOf, WarroomError } from '../lib/errors.ts';
import type { SignedRequest } from './types.ts';
import { fingerprint } from './vkey.ts';

export interface Request {
  incident: string;
  /** The seat's id, which is its key's fingerprint. */
  seat: string;
  method: string;
  params: unknown;
  nonce: string;
  /** RFC 3339. */
  at: string;
  /** What the seat had seen of the ledger; root in base64. */
  head: { size: number; root: string };
}

const members = ['at', 'head', 'incident', 'method', 'nonce', 'params', 'seat'].join();

/** The request as it is signed: canonical JSON. */
export function requestBytes(request: Request): string {
  return canonicalize({ ...request, params: request.params ?? null });
}

export function signRequest(crypto: Crypto, signer: Signer, request: Request): SignedRequest {
  const bytes = requestBytes(request);
  return { bytes, sig: toBase64(signer.sign(utf8(bytes))), key: fingerprint(crypto, signer.publicKey) };
}

/** The request, when its form is canonical and the key signed it and is its seat's. Throws `damaged` otherwise. */
export function verifyRequest(crypto: Crypto, req: SignedRequest, publicKey: Uint8Array): Request {
  const request = readRequest(req.bytes);
  const key = fingerprint(crypto, publicKey);
  if (req.key !== key || request.seat !== key)
    throw new WarroomError('damaged', 'A signed request names another seat than its key.');
  if (!crypto.verifyEd25519(publicKey, utf8(req.bytes), signatureOf(req)))
    throw new WarroomError('damaged', 'The signature of a request is not valid.');
  return request;
}

function readRequest(bytes: string): Request {
  try {
    const request = parseCanonical(bytes);
    if (isRequest(request)) return request;
  } catch (error) {
    throw new WarroomError('damaged', `A signed request is not canonical: ${messageOf(error)}`);
  }
  throw new WarroomError('damaged', 'A signed request has not the members of one.');
}

function signatureOf({ sig }: SignedRequest): Uint8Array {
  try {
    return fromBase64(sig);
  } catch (error) {
    throw new WarroomError('damaged', `The signature of a request: ${messageOf(error)}`);
  }
}

function isRequest(value: unknown): value is Request {
  if (typeof value !== 'object' || value === null || Object.keys(value).sort().join() !== members)
    return false;
  const { incident, seat, method, nonce, at, head } = value as Record<string, unknown>;
  if (![incident, seat, method, nonce, at].every((text) => typeof text === 'string' && text.length > 0))
    return false;
  if (typeof head !== 'object' || head === null || Object.keys(head).sort().join() !== 'root,size')
    return false;
  const { size, root } = head as Record<string, unknown>;
  return Number.isSafeInteger(size) && (size as number) >= 0 && typeof root === 'string';
}
