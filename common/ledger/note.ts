/** C2SP signed notes: a text, an empty line, signature lines `— name base64(keyid₄ ‖ sig)`. */
import { concat, equalBytes, fromBase64, toBase64, utf8 } from '../lib/bytes.ts';
import { WarroomError } from '../lib/errors.ts';
import type { VerifierKey } from './vkey.ts';

export interface NoteSignature {
  name: string;
  /** 4 bytes. */
  keyId: Uint8Array;
  /** What follows the key id. */
  signature: Uint8Array;
}

export interface Note {
  /** With its last line feed; this is what is signed. */
  text: string;
  signatures: NoteSignature[];
}

/** Reads a note. Throws `bad-input` when it is not exactly of the form that `formatNote` writes. */
export function parseNote(note: string): Note {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) throw malformed('no signatures');
  const lines = note.slice(split + 2, -1).split('\n');
  return { text: note.slice(0, split + 1), signatures: lines.map(parseLine) };
}

function parseLine(line: string): NoteSignature {
  const match = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/u.exec(line);
  if (!match) throw malformed('a signature line');
  const bytes = fromBase64(match[2]!);
  if (bytes.length < 5) throw malformed('a signature');
  return { name: match[1]!, keyId: bytes.slice(0, 4), signature: bytes.slice(4) };
}

export function formatNote({ text, signatures }: Note): string {
  return `${text}\n${signatures.map(formatLine).join('')}`;
}

function formatLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(concat(keyId, signature))}\n`;
}

/** Whether the line claims to be by this key (name and id). */
export function isBy(signature: NoteSignature, key: VerifierKey): boolean {
  return signature.name === key.name && equalBytes(signature.keyId, key.keyId);
}

/** The bytes that a plain signature (alg 1) covers. */
export function noteMessage(text: string): Uint8Array {
  return utf8(text);
}

function malformed(what: string): WarroomError {
  return new WarroomError('bad-input', `Malformed signed note: ${what}.`);
}
