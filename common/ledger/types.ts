/** The shapes of a ledger, as FORMATS gives them. */

/** Who did it, as the head names it. `role` is the seat's role at that moment, or the kind for non-people. */
export interface Actor {
  kind: 'human' | 'agent' | 'sensor' | 'system';
  /** The seat id (full fingerprint of its key) or a short opaque id. */
  id: string;
  role: string;
}

/** What is hashed into the tree. No free text, no target names. */
export interface Head {
  v: 1;
  /** UUID of the incident. */
  incident: string;
  epoch: number;
  seq: number;
  /** UUIDv7, unique. */
  id: string;
  /** RFC 3339, UTC, milliseconds. */
  at: string;
  /** Names a start of the host. */
  boot: string;
  /** Integer microseconds since that start. */
  mono: number;
  actor: Actor;
  type: string;
  rung?: Rung;
  /** The id of the `change.proposed` entry it belongs to. */
  change?: string;
  /** Leaf hash (hex) of the entry before; 64 zeros for entry 0. */
  prev: string;
  /** SHA-256(salt ‖ canonical(body)), hex. */
  bodyHash: string;
}

export type Rung = 1 | 2 | 3 | 4 | 5;

/** A blob named by its digest. `sha256` is lowercase hex, `media` a media type. */
export interface EvidenceRef {
  sha256: string;
  bytes: number;
  media: string;
}

/** A seat's signed request: canonical JSON as a string, its signature (base64), the key's fingerprint (hex). */
export interface SignedRequest {
  bytes: string;
  sig: string;
  key: string;
}

/** What can be withheld. `data` is the type's own shape (common/incident/entries.ts). */
export interface Body<D = Record<string, unknown>> {
  data: D;
  target?: string;
  evidence: EvidenceRef[];
  /** The id of the entry that caused this one. */
  cause?: string;
  /** The id of the entry that this one corrects. */
  corrects?: string;
  req?: SignedRequest;
}

/** One entry of the ledger. `salt` is 16 bytes in hex. */
export interface Entry<D = Record<string, unknown>> {
  head: Head;
  body: Body<D>;
  salt: string;
}

/** An entry as a bundle may show it: with its body, or with the body withheld. */
export type LedgerLine = Entry | { head: Head; redacted: true };
