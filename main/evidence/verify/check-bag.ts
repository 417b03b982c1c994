/** The bag's own files: bagit.txt, bag-info.txt, the two manifests, as FORMATS fixes them. */
import type { Crypto } from '../../../common/lib/crypto.ts';
import { openEnvelope, peekEnvelope } from '../../../common/ledger/dsse.ts';
import { wholeLimits } from '../bundle/limits.ts';
import { bagitText, infoText, manifestText, names } from '../bundle/names.ts';
import type { Digests } from './check-digests.ts';
import { about, fail } from './failure.ts';
import { readPlace, type Source } from './source.ts';

/** All files of the bundle with their digests. */
export interface Bag {
  crypto: Crypto;
  source: Source;
  /** The incident key that the ledger's first line names, when it can be read. */
  firstKey: Uint8Array | null;
  digests: ReadonlyMap<string, Digests>;
}

/** A file that must be there, as text. */
export function textOf({ source }: Bag, path: string): string {
  const place = source.places.get(path);
  if (!place) return fail(path, 'it is missing');
  const bytes = readPlace(place, wholeLimits.textBytes);
  const text = bytes.toString('utf8');
  if (!Buffer.from(text).equals(bytes)) fail(path, 'it is not UTF-8 text');
  return text;
}

const allowedTags = new Set<string>([
  names.bagit,
  names.info,
  names.manifest,
  names.tags,
  names.envelope,
  names.timestamp,
]);

/** CRCs of the zip, the manifests against all files, Payload-Oxum and the bag's form. */
export function checkBag(bag: Bag): void {
  const payload = [...bag.source.places.keys()].filter((path) => path.startsWith('data/'));
  for (const [path, place] of bag.source.places) {
    if (place.crc !== undefined && place.crc !== bag.digests.get(path)!.crc32)
      fail(path, 'its CRC-32 is not that of the zip');
    if (!path.startsWith('data/') && !allowedTags.has(path)) fail(path, 'it does not belong into a bundle');
  }
  checkSubject(bag);
  if (textOf(bag, names.bagit) !== bagitText) fail(names.bagit, 'it is not the declaration of BagIt 1.0');
  // From the signature outwards: what a file names is only blamed when that file itself is the one that was signed.
  checkManifest(bag, names.tags, [names.bagit, names.info, names.manifest]);
  checkManifest(bag, names.manifest, payload);
}

/**
 * The envelope names the tag manifest by its digest. When it names another, its signature (by the key in the ledger's
 * first line) tells which of the two was changed. The signature itself is checked later, with the ledger's own key.
 */
function checkSubject(bag: Bag): void {
  const envelope = textOf(bag, names.envelope);
  textOf(bag, names.tags);
  const statement = about(names.envelope, () => peekEnvelope(envelope)) as {
    subject?: { digest?: { sha512?: unknown } }[];
  };
  if (statement.subject?.[0]?.digest?.sha512 === bag.digests.get(names.tags)!.sha512) return;
  const isSigned = bag.firstKey !== null && isOpenable(bag, envelope, bag.firstKey);
  fail(isSigned ? names.tags : names.envelope, 'the signed statement names another tag manifest');
}

function isOpenable(bag: Bag, envelope: string, publicKey: Uint8Array): boolean {
  try {
    openEnvelope(bag.crypto, envelope, publicKey);
    return true;
  } catch {
    // The caller blames the envelope.
    return false;
  }
}

function checkManifest(bag: Bag, manifest: string, expected: string[]): void {
  const text = textOf(bag, manifest);
  const hashes = new Map<string, string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const match = /^([0-9a-f]{128}) {2}(.+)$/.exec(line);
    if (!match) return fail(manifest, `a line of it is malformed: ${line.slice(0, 200)}`);
    hashes.set(decodePath(match[2]!), match[1]!);
  }
  if (manifestText(hashes) !== text) fail(manifest, 'it is not in byte order, or names a file twice');
  for (const path of expected) if (!hashes.has(path)) fail(path, `${manifest} does not name it`);
  for (const [path, hash] of hashes) {
    const found = bag.digests.get(path);
    if (!found) return fail(path, `it is missing, though ${manifest} names it`);
    if (!expected.includes(path)) fail(path, `${manifest} does not cover it`);
    if (found.sha512 !== hash) fail(path, `it is not the file that ${manifest} names (SHA-512)`);
  }
}

const decodePath = (path: string) =>
  path.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');

/** bag-info.txt as it follows from the payload, the incident and its last entry. */
export function checkInfo(bag: Bag, incident: string, lastAt: string): void {
  const payload = [...bag.source.places.values()].filter(({ path }) => path.startsWith('data/'));
  const oxum = { bytes: payload.reduce((sum, { size }) => sum + size, 0), files: payload.length };
  const wanted = infoText(oxum, incident, lastAt).trimEnd().split('\n');
  const lines = textOf(bag, names.info).trimEnd().split('\n');
  for (const line of lines)
    if (!/^[^\s:][^:]*:[ \t]\S/.test(line) && !/^[ \t]+\S/.test(line))
      fail(names.info, `a line of it is malformed: ${line.slice(0, 200)}`);
  for (const line of wanted) {
    const label = line.slice(0, line.indexOf(':') + 1);
    const found = lines.filter((each) => each.startsWith(label));
    if (found.length !== 1 || found[0]!.replace('\t', ' ') !== line)
      fail(names.info, `it should say "${line}"`);
  }
}
