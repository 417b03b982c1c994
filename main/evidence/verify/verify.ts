/** Checks a bundle, folder or zip (FORMATS, Bundle): from its own files alone, and against keys that are trusted. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import type { Crypto } from '../../../common/lib/crypto.ts';
import { messageOf, WarroomError } from '../../../common/lib/errors.ts';
import { equalBytes } from '../../../common/lib/bytes.ts';
import { fingerprint, parseVkey } from '../../../common/ledger/vkey.ts';
import { isWithheld, maxLineBytes, parseLine } from '../../../common/ledger/entry.ts';
import { names } from '../bundle/names.ts';
import { checkBag, checkInfo, type Bag } from './check-bag.ts';
import { digestAll } from './check-digests.ts';
import { checkSignatures } from './check-keys.ts';
import { checkLedger } from './check-ledger.ts';
import { checkPayload } from './check-payload.ts';
import { checkNames } from './paths.ts';
import { openFolder, readPlace, type Source } from './source.ts';
import { openZip } from './zip.ts';

export interface Verdict {
  intact: boolean;
  /** Why not, and which file shows it. */
  why?: string;
  file?: string;
  incident?: string;
  size?: number;
  withheld?: number;
  /** The device of the last epoch. */
  device?: { name: string; fingerprint: string };
  /** Null when no anchor was given. */
  trusted: boolean | null;
  takenOver: { seq: number; name: string; fingerprint: string }[];
}

/**
 * Verifies `path`. Throws `not-found` when there is nothing to read and `bad-input` for an anchor that is no VKEY of a
 * device; everything else is in the verdict.
 */
export async function verifyBundle(
  path: string,
  { trust, crypto }: { trust: string[]; crypto: Crypto },
): Promise<Verdict> {
  const anchors = trust.map((text) => anchorOf(crypto, text));
  if (!existsSync(path)) throw new WarroomError('not-found', `There is no ${path}.`);
  const found = statSync(path);
  const isFolder = found.isDirectory();
  if (isFolder && readdirSync(path).length === 0)
    throw new WarroomError('not-found', `The folder ${path} is empty.`);
  try {
    if (!isFolder && !found.isFile())
      throw new WarroomError('damaged', 'it is no plain file', '', { file: path });
    const source = isFolder ? openFolder(path) : openZip(path);
    const { chain } = await checkAll(source, crypto);
    const last = chain.epochs.at(-1)!.deviceKey;
    const describe = ({ name, publicKey }: typeof last) => ({
      name,
      fingerprint: fingerprint(crypto, publicKey),
    });
    const isAnchored = chain.epochs.some(({ deviceKey }) =>
      anchors.some((anchor) => equalBytes(anchor, deviceKey.publicKey)),
    );
    return {
      intact: true,
      incident: chain.incident,
      size: chain.size,
      withheld: chain.withheld,
      device: describe(last),
      trusted: anchors.length > 0 ? isAnchored : null,
      takenOver: chain.epochs.slice(1).map(({ from, deviceKey }) => ({ seq: from, ...describe(deviceKey) })),
    };
  } catch (error) {
    const file =
      error instanceof WarroomError && typeof error.data.file === 'string' ? error.data.file : path;
    return {
      intact: false,
      why: messageOf(error),
      file,
      trusted: anchors.length > 0 ? false : null,
      takenOver: [],
    };
  }
}

function anchorOf(crypto: Crypto, text: string): Uint8Array {
  const key = parseVkey(crypto, text);
  if (key.alg !== 1) throw new WarroomError('bad-input', '--trust takes the VKEY of a device (algorithm 1).');
  return key.publicKey;
}

async function checkAll(source: Source, crypto: Crypto) {
  checkNames(source.places.keys());
  const places = [...source.places.values()];
  const digests = await digestAll(places);
  const byPath = new Map(places.map(({ path }, i) => [path, digests[i]!]));
  const bag: Bag = { crypto, source, digests: byPath, firstKey: firstKeyOf(source, crypto) };
  checkBag(bag);
  const facts = checkLedger(bag, crypto);
  if (source.folder !== null && source.folder !== `warroom-${facts.chain.incident}`)
    throw new WarroomError('damaged', 'its folder is not named after the incident', '', {
      file: 'zip directory',
    });
  checkInfo(bag, facts.chain.incident, facts.chain.lastAt);
  const known = checkSignatures(bag, crypto, facts);
  checkPayload(bag, facts, known);
  return facts;
}

/** The incident key of entry 0, as far as it can be read: only used to tell which of two files was changed. */
function firstKeyOf(source: Source, crypto: Crypto): Uint8Array | null {
  const place = source.places.get(names.ledger);
  if (!place) return null;
  try {
    const [line = ''] = readPlace({ ...place, size: Math.min(place.size, maxLineBytes) }, maxLineBytes)
      .toString('utf8')
      .split('\n');
    const entry = parseLine(line);
    return isWithheld(entry) ? null : parseVkey(crypto, String(entry.body.data.incident)).publicKey;
  } catch {
    // The ledger's own check says what is wrong with it.
    return null;
  }
}
