import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
} from 'yaml';
import { messageOf } from '../lib/errors.ts';
import { profile, type Profile } from './schema.ts';

/** One mistake in a profile. `line` counts from 1; `path` is dotted, as in `devices.0.link.baud`. */
export interface ProfileMistake {
  line: number;
  path: string;
  message: string;
}

export type LoadedProfile =
  { profile: Profile; mistakes: [] } | { profile: null; mistakes: ProfileMistake[] };

const maxBytes = 1 << 20;

/** Reads a profile's YAML. Never throws: every mistake is listed with its line, in order. */
export function loadProfile(text: string): LoadedProfile {
  if (text.length > maxBytes)
    return failed([{ line: 1, path: '', message: 'The profile is larger than 1 MiB.' }]);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const syntax = [...document.errors, ...document.warnings].map((error) => ({
    line: lines.linePos(error.pos[0]).line,
    path: '',
    message: error.message,
  }));
  if (syntax.length > 0) return failed(syntax);
  const plain = toPlain(document);
  if (plain.mistake !== null) return failed([{ line: 1, path: '', message: plain.mistake }]);
  const parsed = profile.safeParse(plain.value ?? {});
  if (parsed.success) return { profile: parsed.data, mistakes: [] };
  return failed(
    parsed.error.issues.flatMap((issue) => {
      const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [null];
      return unknown.map((key) => {
        const path = key === null ? issue.path : [...issue.path, key];
        const message = key === null ? issue.message : `There is no "${key}" here.`;
        return { line: lineOf(document, path, lines), path: path.join('.'), message };
      });
    }),
  );
}

/** Aliases are expanded at most 100 times: no "billion laughs". */
function toPlain(document: Document): { value: unknown; mistake: string | null } {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }), mistake: null };
  } catch (error) {
    return { value: null, mistake: messageOf(error) };
  }
}

function failed(mistakes: ProfileMistake[]): LoadedProfile {
  return { profile: null, mistakes: mistakes.sort((a, b) => a.line - b.line) };
}

/** The line of the deepest part of `path` that is there: for a missing member, that of its parent. */
function lineOf(document: Document, path: PropertyKey[], lines: LineCounter): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const key of path) {
    const [start, next] = step(node, key);
    if (start === null) break;
    offset = start;
    node = next;
  }
  return lines.linePos(offset).line;
}

function step(node: unknown, key: PropertyKey): [number | null, unknown] {
  if (isMap(node)) {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return pair && isPair(pair) ? [startOf(pair.key), pair.value] : [null, null];
  }
  if (isCollection(node) && typeof key === 'number') {
    const item = node.items[key];
    return [startOf(item), item];
  }
  return [null, null];
}

function startOf(node: unknown): number | null {
  return (node as Node | null)?.range?.[0] ?? null;
}
