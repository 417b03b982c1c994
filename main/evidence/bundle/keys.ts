import { canonicalize } from '../../../common/lib/canonical.ts';
import type { Crypto } from '../../../common/lib/crypto.ts';
import { parseNote } from '../../../common/ledger/note.ts';
import type { ChainSeat, Epoch } from '../../../common/ledger/chain.ts';
import {
  cosignatureKeyName,
  encodeVkey,
  fingerprint,
  makeVkey,
  type VerifierKey,
} from '../../../common/ledger/vkey.ts';

/** One key as keys.json lists it; `pem` is the name of its file beside it. */
export interface ListedKey {
  name: string;
  role: 'incident' | 'device' | 'seat';
  vkey: string;
  pem: string;
  fingerprint: string;
}

/** What the ledger says of keys. */
export interface LedgerKeys {
  incident: string;
  epochs: readonly Epoch[];
  devices: readonly VerifierKey[];
  seats: ReadonlyMap<string, ChainSeat>;
}

/**
 * Exactly the keys that keys.json holds: every incident key, every device of entry 0, take-overs and seat.joined, every
 * cosigner of the checkpoints given; sorted by pem, then vkey.
 */
export function listKeys(
  crypto: Crypto,
  ledger: LedgerKeys,
  notes: readonly string[],
): { key: VerifierKey; listed: ListedKey }[] {
  const found = new Map<string, { key: VerifierKey; listed: ListedKey }>();
  const add = (key: VerifierKey, role: ListedKey['role']) => {
    const print = fingerprint(crypto, key.publicKey);
    const vkey = encodeVkey(key);
    found.set(vkey, { key, listed: { name: key.name, role, vkey, pem: `${print}.pem`, fingerprint: print } });
  };
  for (const { incidentKey } of ledger.epochs) add(incidentKey, 'incident');
  for (const device of ledger.devices) add(device, 'device');
  for (const seat of cosigners(ledger, notes))
    add(makeVkey(crypto, cosignatureKeyName(ledger.incident, seat.seat), 4, seat.key.publicKey), 'seat');
  const order = ({ listed: a }: { listed: ListedKey }, { listed: b }: { listed: ListedKey }) =>
    compare(a.pem, b.pem) || compare(a.vkey, b.vkey);
  return [...found.values()].sort(order);
}

function cosigners(ledger: LedgerKeys, notes: readonly string[]): ChainSeat[] {
  const signers = new Set(notes.flatMap((note) => parseNote(note).signatures.map(({ name }) => name)));
  return [...ledger.seats.values()].filter(({ seat }) =>
    signers.has(cosignatureKeyName(ledger.incident, seat)),
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export function keysText(listed: readonly ListedKey[]): string {
  return canonicalize({ keys: listed });
}
