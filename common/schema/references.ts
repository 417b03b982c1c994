import { isRecord } from '../lib/members.ts';

const mostHops = 32;

/** What a local `$ref` (`#/…`, RFC 6901) stands for, hop by hop; undefined where it leads nowhere, away or in a circle. */
export function resolveRef(schema: unknown, document: unknown): unknown {
  let at = schema;
  for (let hop = 0; hop < mostHops; hop++) {
    if (!isRecord(at) || typeof at.$ref !== 'string') return at;
    at = pointedAt(document, at.$ref);
  }
  return undefined;
}

function pointedAt(document: unknown, reference: string): unknown {
  if (!reference.startsWith('#')) return undefined;
  if (reference === '#') return document;
  let at: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const name = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Record<string, unknown>)[name];
  }
  return at;
}

function decoded(part: string): string {
  // A lone % is no escape: such a name stands for itself.
  return /%(?![0-9a-f]{2})/i.test(part) || !isUtf8(part) ? part : decodeURIComponent(part);
}

function isUtf8(part: string): boolean {
  const bytes = Uint8Array.from(part.match(/%[0-9a-f]{2}/gi) ?? [], (escape) =>
    parseInt(escape.slice(1), 16),
  );
  return !new TextDecoder().decode(bytes).includes('\uFFFD');
}
