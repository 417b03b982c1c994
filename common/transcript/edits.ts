/** Edits of files as tools' inputs tell them. */
import { isRecord } from '../lib/members.ts';
import { digestOf } from './digest.ts';
import { memberOf, stringOf } from './parse-line.ts';
import type { CallEvent } from './types.ts';

export interface Edit {
  file: string;
  /** Digests of what was taken out and what was put in; `from` null where the whole file was written. */
  from: string | null;
  to: string;
}

type Json = Record<string, unknown>;

const fileNames = ['file_path', 'path', 'filename', 'file', 'notebook_path', 'target_file', 'filePath'];
const oldNames = ['old_string', 'old_str', 'oldText', 'old_text', 'oldString', 'search', 'old'];
const newNames = [
  'new_string',
  'new_str',
  'newText',
  'new_text',
  'newString',
  'replace',
  'replacement',
  'new',
];
const wholeNames = ['content', 'file_text', 'contents', 'text', 'new_source', 'data'];
const mostEdits = 200;

/** What an edit puts in, where its input tells that by itself. */
export function newTextsOf({ input }: CallEvent): string[] {
  if (!isRecord(input)) return [];
  const text = memberOf(input, ...newNames);
  return typeof text === 'string' ? [text] : [];
}

/** The edits of one call, in order; empty for a call that edits nothing. */
export function editsOf({ input }: CallEvent): Edit[] {
  const patch = patchOf(input);
  if (patch !== null) return patchEdits(patch);
  if (!isRecord(input)) return [];
  const file = stringOf(memberOf(input, ...fileNames));
  if (file === null) return [];
  const list = Array.isArray(input['edits']) ? input['edits'].filter(isRecord).slice(0, mostEdits) : [input];
  return list.flatMap((edit) => editOf(file, edit));
}

function editOf(file: string, edit: Json): Edit[] {
  const from = memberOf(edit, ...oldNames);
  const to = memberOf(edit, ...newNames);
  if (typeof from === 'string' && typeof to === 'string')
    return from === to ? [] : [{ file, from: digestOf(from), to: digestOf(to) }];
  const whole = memberOf(edit, ...wholeNames);
  return typeof whole === 'string' ? [{ file, from: null, to: digestOf(whole) }] : [];
}

/** The `*** Begin Patch` form, as an input of its own or within one. */
function patchOf(input: unknown): string | null {
  const text = isRecord(input) ? memberOf(input, 'patch', 'input', 'command') : input;
  const whole = Array.isArray(text) ? text.filter((part) => typeof part === 'string').join('\n') : text;
  return typeof whole === 'string' && whole.includes('*** Begin Patch') ? whole : null;
}

function patchEdits(patch: string): Edit[] {
  return patch
    .split(/^\*\*\* (?:Update|Add|Delete) File: /m)
    .slice(1, mostEdits)
    .flatMap((part) => {
      const lines = part.split('\n');
      const of = (sign: string) => lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
      const [from, to] = [of('-').join('\n'), of('+').join('\n')];
      return from === to ? [] : [{ file: lines[0]!.trim(), from: digestOf(from), to: digestOf(to) }];
    });
}
