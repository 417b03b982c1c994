/** Checkpoints, keys and the signature over the bag, against what the ledger itself says. */
import { equalBytes, fromUtf8, toBase64 } from '../../../common/lib/bytes.ts';
import { canonicalize } from '../../../common/lib/canonical.ts';
import type { Crypto } from '../../../common/lib/crypto.ts';
import type { Epoch } from '../../../common/ledger/chain.ts';
import { parseCheckpoint, verifyCheckpoint } from '../../../common/ledger/checkpoint.ts';
import { openEnvelope } from '../../../common/ledger/dsse.ts';
import { incidentKeyName, publicKeyPem, type VerifierKey } from '../../../common/ledger/vkey.ts';
import { keysText, listKeys } from '../bundle/keys.ts';
import {
  checkpointName,
  names,
  payloadType,
  pemName,
  predicateType,
  statementType,
} from '../bundle/names.ts';
import { textOf, type Bag } from './check-bag.ts';
import type { LedgerFacts } from './check-ledger.ts';
import { about, fail } from './failure.ts';

/** Checks them all; answers the names of files that belong to keys and checkpoints. */
export function checkSignatures(bag: Bag, crypto: Crypto, facts: LedgerFacts): Set<string> {
  const { chain } = facts;
  const notes = checkpointFiles(bag);
  if (!notes.has(checkpointName(chain.size)))
    fail(checkpointName(chain.size), 'it is missing, though the ledger ends there');
  const listed = about(names.keys, () =>
    listKeys(crypto, chain, [...notes.values(), ...facts.takeOverNotes]),
  );
  if (textOf(bag, names.keys) !== keysText(listed.map((each) => each.listed)))
    fail(names.keys, 'it does not list exactly the keys that the ledger and the checkpoints name');
  for (const { key, listed: entry } of listed)
    if (textOf(bag, pemName(entry.fingerprint)) !== publicKeyPem(key.publicKey))
      fail(pemName(entry.fingerprint), 'it is not the key that its name says');
  const keys = listed.map(({ key }) => key);
  for (const [path, note] of notes) about(path, () => checkNote(path, note, crypto, facts, keys));
  checkEnvelope(bag, crypto, facts);
  return new Set<string>([
    ...notes.keys(),
    names.keys,
    ...listed.map((each) => pemName(each.listed.fingerprint)),
  ]);
}

function checkpointFiles(bag: Bag): Map<string, string> {
  const paths = [...bag.source.places.keys()].filter((path) => path.startsWith('data/checkpoints/'));
  return new Map(paths.map((path) => [path, textOf(bag, path)]));
}

/** The epoch whose key signs checkpoints of this size. */
function epochAt(epochs: readonly Epoch[], size: number): Epoch {
  return epochs.findLast(({ from }) => from < Math.max(size, 1))!;
}

function checkNote(
  path: string,
  note: string,
  crypto: Crypto,
  { chain }: LedgerFacts,
  keys: VerifierKey[],
): void {
  const { size, origin, root } = parseCheckpoint(note);
  if (checkpointName(size) !== path) fail(path, `it is the checkpoint of ${size}`);
  if (origin !== incidentKeyName(chain.incident)) fail(path, 'it is of another incident');
  if (size < 1 || size > chain.size) fail(path, 'it covers more than the ledger has');
  if (!equalBytes(root, chain.rootAt(size))) fail(path, 'its root is not that of the ledger');
  const { incidentKey } = epochAt(chain.epochs, size);
  // The incident's keys of all epochs have one name: here only this epoch's is its signer.
  const known = keys.filter(
    (key) => key.name !== incidentKey.name || equalBytes(key.publicKey, incidentKey.publicKey),
  );
  const { signedBy } = verifyCheckpoint(crypto, note, known, { strict: true });
  if (!signedBy.includes(incidentKey.name)) fail(path, "it is not signed by the incident's key");
}

function checkEnvelope(bag: Bag, crypto: Crypto, { chain }: LedgerFacts): void {
  const { incidentKey } = epochAt(chain.epochs, chain.size);
  const expected = canonicalize({
    _type: statementType,
    subject: [{ name: names.tags, digest: { sha512: bag.digests.get(names.tags)!.sha512 } }],
    predicateType,
    predicate: { incident: chain.incident, size: chain.size, root: toBase64(chain.root()) },
  });
  about(names.envelope, () => {
    const opened = openEnvelope(crypto, textOf(bag, names.envelope), incidentKey.publicKey);
    if (opened.payloadType !== payloadType) fail(names.envelope, 'its payload is of another type');
    if (fromUtf8(opened.payload) !== expected) fail(names.envelope, 'its statement is not about this bag');
  });
}
