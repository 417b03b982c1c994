/** One entry: its hashed head, its salted body, and its line of `ledger.jsonl` (FORMATS, Ledger). */
import { fromHex, toHex, utf8 } from '../lib/bytes.ts';
import { canonicalize, checkLimits, parseCanonical } from '../lib/canonical.ts';
import type { Crypto } from '../lib/crypto.ts';
import { messageOf, WarroomError } from '../lib/errors.ts';
import { checkBodyShape, checkHeadShape } from './shape.ts';
import type { Body, Entry, Head, LedgerLine } from './types.ts';

/** Longest line, its line feed included. */
export const maxLineBytes = 65_536;
/** `prev` of entry 0. */
export const noEntryBefore = '0'.repeat(64);

/** What is hashed into the tree: canonical(head). */
export function entryBytes(head: Head): Uint8Array {
  return utf8(canonicalize(head));
}

/** SHA-256(salt ‖ canonical(body)), hex. `salt` is 16 bytes in hex. */
export function bodyHash(crypto: Crypto, salt: string, body: Body): string {
  return toHex(crypto.sha256(fromHex(salt), utf8(canonicalize(body))));
}

/** Completes a head with the hash of its body. Throws `bad-input` for an entry that no reader would take. */
export function sealEntry(crypto: Crypto, head: Omit<Head, 'bodyHash'>, body: Body, salt: string): Entry {
  const sealed = { head: { ...head, bodyHash: bodyHash(crypto, salt, body) }, body, salt };
  try {
    checkLineShape(sealed);
    checkLimits(sealed);
  } catch (error) {
    throw new WarroomError('bad-input', `This can't be an entry: ${messageOf(error)}`);
  }
  return sealed;
}

/** The entry's line with its line feed. Throws `bad-input` when it is over 65 536 bytes. */
export function encodeLine(line: LedgerLine): string {
  const text = `${canonicalize(line)}\n`;
  const length = utf8(text).length;
  if (length > maxLineBytes)
    throw new WarroomError(
      'bad-input',
      `An entry of ${length} bytes is over the limit of ${maxLineBytes}.`,
      'Keep the large part as evidence and name it by its digest.',
    );
  return text;
}

/** Reads a line without its line feed. Throws `damaged` unless it is exactly as `encodeLine` would write it. */
export function parseLine(text: string): LedgerLine {
  return readLine(text).line;
}

/** A line with the texts that its hashes cover, as they stand in it. */
export interface ReadLine {
  line: LedgerLine;
  headText: string;
  /** Null when the body is withheld. */
  bodyText: string | null;
}

const bodyStart = '{"body":'.length;
const saltLength = `,"salt":"${'0'.repeat(32)}"}`.length;

/** `parseLine` with the texts of head and body, so that nothing is hashed that was not stored. */
export function readLine(text: string): ReadLine {
  try {
    const line = parseCanonical(text);
    checkLineShape(line);
    const headText = canonicalize(line.head);
    if (isWithheld(line)) return { line, headText, bodyText: null };
    const bodyEnd = text.length - saltLength - headText.length - ',"head":'.length;
    return { line, headText, bodyText: text.slice(bodyStart, bodyEnd) };
  } catch (error) {
    throw new WarroomError('damaged', messageOf(error));
  }
}

export function isWithheld(line: LedgerLine): line is { head: Head; redacted: true } {
  return 'redacted' in line;
}

function checkLineShape(value: unknown): asserts value is LedgerLine {
  const line = value as Partial<Record<'head' | 'body' | 'salt' | 'redacted', unknown>> | null;
  const members = typeof line === 'object' && line !== null ? Object.keys(line).sort().join() : '';
  if (members === 'head,redacted') {
    if (line?.redacted !== true) throw new WarroomError('damaged', 'redacted is true or is not there.');
  } else if (members === 'body,head,salt') {
    if (typeof line?.salt !== 'string' || !/^[0-9a-f]{32}$/.test(line.salt))
      throw new WarroomError('damaged', 'The salt is not 16 bytes in hex.');
    checkBodyShape(line.body);
  } else
    throw new WarroomError('damaged', 'A line has the members body, head and salt, or head and redacted.');
  checkHeadShape(line?.head);
}
