import { isMap, isNode, isScalar, type Document } from 'yaml';

/** A remark in a draft, above the part that it is about. */
export interface Note {
  path: (string | number)[];
  text: string;
}

/** Part of a draft: what goes into the profile, and what was found out about it. Paths of the notes are from it. */
export interface Draft<T> {
  value: T;
  notes: Note[];
}

const longestNote = 200;

/** What a foreign system said, as one line: a line end in it would be YAML of its making. */
export function oneLine(text: string, most = longestNote): string {
  const line = text.replaceAll(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  return line.length > most ? `${[...line.slice(0, most)].slice(0, -1).join('')}…` : line;
}

/** Puts notes above what they are about. */
export function writeNotes(document: Document, notes: Note[]): void {
  for (const { path, text } of notes) {
    const node = nodeAt(document, path);
    if (!node) continue;
    const line = ` ${oneLine(text)}`;
    node.commentBefore = node.commentBefore ? `${node.commentBefore}\n${line}` : line;
  }
}

/** The item of a list, or the name of a member: a comment stands above either. */
function nodeAt(document: Document, path: Note['path']) {
  const last = path.at(-1);
  if (typeof last === 'number') {
    const item = document.getIn(path, true);
    return isNode(item) ? item : null;
  }
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (!isMap(parent)) return null;
  const key = parent.items.find((pair) => isScalar(pair.key) && pair.key.value === last)?.key;
  return isNode(key) ? key : null;
}
