/** Signed tree heads: C2SP tlog-checkpoint in a signed note, with tlog-cosignature lines of witnesses. */
import { concat, fromBase64, toBase64, utf8 } from '../lib/bytes.ts';
import type { Crypto, Signer } from '../lib/crypto.ts';
import { WarroomError } from '../lib/errors.ts';
import { formatNote, isBy, noteMessage, parseNote, type NoteSignature } from './note.ts';
import { cosignatureKeyName, incidentKeyName, makeVkey, type VerifierKey } from './vkey.ts';

export interface Checkpoint {
  /** `warroom/<incident>`. */
  origin: string;
  /** Covers seq 0 … size − 1. */
  size: number;
  root: Uint8Array;
  text: string;
  signatures: NoteSignature[];
}

/** `origin\n size\n base64(root)\n`: exactly three lines. */
export function checkpointText(incident: string, size: number, root: Uint8Array): string {
  return `${incidentKeyName(incident)}\n${size}\n${toBase64(root)}\n`;
}

/** The whole note, signed by the incident's key. */
export function signCheckpoint(
  crypto: Crypto,
  signer: Signer,
  incident: string,
  size: number,
  root: Uint8Array,
): string {
  const text = checkpointText(incident, size, root);
  const { name, keyId } = makeVkey(crypto, incidentKeyName(incident), 1, signer.publicKey);
  return formatNote({ text, signatures: [{ name, keyId, signature: signer.sign(noteMessage(text)) }] });
}

/** Reads a checkpoint. Throws `bad-input` when it is not exactly as we would write it. */
export function parseCheckpoint(note: string): Checkpoint {
  const { text, signatures } = parseNote(note);
  const lines = text.slice(0, -1).split('\n');
  const [origin = '', sizeText = '', rootText = ''] = lines;
  const size = Number(sizeText);
  if (lines.length !== 3 || !origin || !Number.isSafeInteger(size) || size < 0 || String(size) !== sizeText)
    throw new WarroomError(
      'bad-input',
      'Malformed checkpoint: it has exactly the lines origin, size and root.',
    );
  const root = fromBase64(rootText);
  if (root.length !== 32) throw new WarroomError('bad-input', 'Malformed checkpoint: the root has 32 bytes.');
  if (formatNote({ text, signatures }) !== note) throw new WarroomError('bad-input', 'Malformed checkpoint.');
  return { origin, size, root, text, signatures };
}

/** What a cosignature of time `seconds` covers: `cosignature/v1\ntime T\n` ‖ text. */
function cosignatureMessage(text: string, seconds: number): Uint8Array {
  return utf8(`cosignature/v1\ntime ${seconds}\n${text}`);
}

/** Adds a witness's line to the note: u64 seconds, big-endian ‖ signature. */
export function cosign(
  crypto: Crypto,
  signer: Signer,
  incident: string,
  seat: string,
  note: string,
  seconds: number,
): string {
  const { text, signatures } = parseNote(note);
  const { name, keyId } = makeVkey(crypto, cosignatureKeyName(incident, seat), 4, signer.publicKey);
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds));
  const signature = concat(time, signer.sign(cosignatureMessage(text, seconds)));
  return formatNote({ text, signatures: [...signatures, { name, keyId, signature }] });
}

/** Whether the line is this key's valid signature of the text, plain (alg 1) or as a cosignature (alg 4). */
export function verifyNoteSignature(
  crypto: Crypto,
  text: string,
  signature: NoteSignature,
  key: VerifierKey,
): boolean {
  if (!isBy(signature, key)) return false;
  if (key.alg === 1) return crypto.verifyEd25519(key.publicKey, noteMessage(text), signature.signature);
  return cosignatureTime(crypto, text, signature, key) !== null;
}

/** The time (seconds since 1970) of a valid cosignature, else null. */
export function cosignatureTime(
  crypto: Crypto,
  text: string,
  { signature }: NoteSignature,
  key: VerifierKey,
): number | null {
  if (signature.length !== 72) return null;
  const seconds = Number(new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0));
  if (!Number.isSafeInteger(seconds)) return null;
  const isValid = crypto.verifyEd25519(
    key.publicKey,
    cosignatureMessage(text, seconds),
    signature.subarray(8),
  );
  return isValid ? seconds : null;
}

export interface CheckpointVerdict {
  /** `warroom/<incident>`; the caller knows which it must be. */
  origin: string;
  size: number;
  root: Uint8Array;
  /** Names of the keys whose lines are valid, each once. */
  signedBy: string[];
  /** Lines by keys that are not among those given. */
  unknown: number;
}

/**
 * Checks a note's lines against the keys. A line that claims a known key and fails is always `damaged`; with `strict`
 * (in a bundle) a line by an unknown key is too.
 */
export function verifyCheckpoint(
  crypto: Crypto,
  note: string,
  keys: readonly VerifierKey[],
  { strict }: { strict: boolean },
): CheckpointVerdict {
  const { origin, size, root, text, signatures } = parseCheckpoint(note);
  const signedBy = new Set<string>();
  let unknown = 0;
  for (const signature of signatures) {
    const key = keys.find((candidate) => isBy(signature, candidate));
    if (!key) {
      if (strict)
        throw new WarroomError(
          'damaged',
          `Checkpoint ${size} has a line by "${signature.name}", a key that is not known here.`,
        );
      unknown++;
    } else if (!verifyNoteSignature(crypto, text, signature, key))
      throw new WarroomError(
        'damaged',
        `Checkpoint ${size}: the signature by "${signature.name}" is not valid.`,
      );
    else signedBy.add(key.name);
  }
  return { origin, size, root, signedBy: [...signedBy], unknown };
}
