/** Evidence, recordings, redactions, postmortem and viewer: exactly what the ledger names, and nothing else. */
import { hasExactly, isRecord } from '../../../common/lib/members.ts';
import { gunzipSync } from 'node:zlib';
import { canonicalize, parseJson } from '../../../common/lib/canonical.ts';
import { checkBodyShape } from '../../../common/ledger/shape.ts';
import type { EvidenceRef } from '../../../common/ledger/types.ts';
import { parseTiming } from '../bundle/cast.ts';
import { wholeLimits } from '../bundle/limits.ts';
import { evidenceName, mustEmbed, names } from '../bundle/names.ts';
import { textOf, type Bag } from './check-bag.ts';
import { noteEvidence, type LedgerFacts } from './check-ledger.ts';
import { about, fail } from './failure.ts';
import { readPlace } from './source.ts';

/** Checks the payload but for keys and checkpoints, whose files are in `known`. */
export function checkPayload(bag: Bag, facts: LedgerFacts, known: Set<string>): void {
  for (const path of [names.readme, names.crate, names.ledger, names.profile]) {
    if (!bag.source.places.has(path)) fail(path, 'it is missing');
    known.add(path);
  }
  about(names.crate, () => parseJson(textOf(bag, names.crate)));
  const redactions = checkRedactions(bag, facts, known);
  checkEvidence(bag, facts, redactions, known);
  checkRecordings(bag, facts, known);
  checkPostmortem(bag, facts, known);
  for (const path of bag.source.places.keys())
    if (path.startsWith('data/') && !known.has(path)) fail(path, 'nothing in the ledger names it');
}

interface Redactions {
  entries: Record<string, { rule: string; copy: unknown }>;
  evidence: Record<string, { rule: string; copy: EvidenceRef | null }>;
}

function checkRedactions(bag: Bag, facts: LedgerFacts, known: Set<string>): Redactions {
  const none: Redactions = { entries: {}, evidence: {} };
  if (!bag.source.places.has(names.redactions)) {
    if (facts.withheld.size > 0) fail(names.redactions, 'it is missing, though bodies are withheld');
    return none;
  }
  known.add(names.redactions);
  return about(names.redactions, () => {
    const text = textOf(bag, names.redactions);
    const value = parseJson(text);
    if (canonicalize(value) !== text || !isRedactions(value))
      return fail(names.redactions, 'it is not of its canonical form');
    const ids = Object.keys(value.entries);
    if (ids.length !== facts.withheld.size || ids.some((id) => !facts.withheld.has(id)))
      fail(names.redactions, 'its entries are not exactly the withheld ones');
    if (ids.length === 0 && Object.keys(value.evidence).length === 0)
      fail(names.redactions, 'it withholds nothing');
    for (const [id, { copy }] of Object.entries(value.entries)) {
      checkBodyShape(copy);
      noteEvidence(facts, facts.withheld.get(id)!, copy);
    }
    return value;
  });
}

function isRedactions(value: unknown): value is Redactions {
  if (!hasExactly(value, ['entries', 'evidence']) || !isRecord(value.entries) || !isRecord(value.evidence))
    return false;
  const isRule = (item: unknown): item is { rule: unknown; copy: unknown } =>
    hasExactly(item, ['copy', 'rule']) && typeof item.rule === 'string';
  return (
    Object.values(value.entries).every(isRule) &&
    Object.entries(value.evidence).every(
      ([sha256, item]) =>
        /^[0-9a-f]{64}$/.test(sha256) && isRule(item) && (item.copy === null || isBlob(item.copy)),
    )
  );
}

const isBlob = (value: unknown): value is EvidenceRef =>
  hasExactly(value, ['bytes', 'media', 'sha256']) &&
  typeof value.sha256 === 'string' &&
  /^[0-9a-f]{64}$/.test(value.sha256) &&
  Number.isSafeInteger(value.bytes) &&
  typeof value.media === 'string';

function checkEvidence(bag: Bag, facts: LedgerFacts, redactions: Redactions, known: Set<string>): void {
  const wanted = new Map(facts.evidence);
  const copies: EvidenceRef[] = [];
  for (const [sha256, { copy }] of Object.entries(redactions.evidence)) {
    // Only a withheld body may have named it: then it was not wanted here either.
    wanted.delete(sha256);
    if (copy) copies.push(copy);
  }
  for (const copy of copies) wanted.set(copy.sha256, copy);
  for (const blob of wanted.values()) {
    const path = evidenceName(blob);
    const digests = bag.digests.get(path);
    if (!digests) return fail(path, 'it is missing, though an entry names it');
    if (digests.sha256 !== blob.sha256) fail(path, 'it is not the file that the ledger names (SHA-256)');
    if (bag.source.places.get(path)!.size !== blob.bytes)
      fail(path, 'it has another size than the ledger says');
    known.add(path);
  }
}

const recording = /^data\/(?:captures\/[^/]+\.mcap|sessions\/[^/]+\.(?:bytes|timing|trace|cast))$/;

function checkRecordings(bag: Bag, facts: LedgerFacts, known: Set<string>): void {
  for (const path of bag.source.places.keys()) {
    if (!recording.test(path)) continue;
    known.add(path);
    if (path.endsWith('.cast')) about(path, () => checkCast(bag, path));
    else if (!facts.named.has(bag.digests.get(path)!.sha256)) fail(path, 'no entry names its digest');
  }
}

/** The joined output of a cast is the recorded output, decoded. */
function checkCast(bag: Bag, path: string): void {
  const base = path.slice(0, -'.cast'.length);
  const bytesPlace = bag.source.places.get(`${base}.bytes`);
  if (!bytesPlace) return fail(path, 'there are no recorded bytes to it');
  const bytes = readPlace(bytesPlace, wholeLimits.bytes);
  const timing = about(`${base}.timing`, () => parseTiming(textOf(bag, `${base}.timing`)));
  let offset = 0;
  const output: Buffer[] = [];
  for (const line of timing) {
    if (line.kind !== 'O' && line.kind !== 'I') continue;
    if (line.kind === 'O') output.push(bytes.subarray(offset, offset + line.bytes));
    offset += line.bytes;
  }
  const expected = new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.concat(output));
  const [header, ...events] = textOf(bag, path).trimEnd().split('\n');
  const first = parseJson(header ?? '') as { version?: unknown };
  if (first.version !== 2) fail(path, 'it is no asciicast v2');
  const joined = events
    .map((line) => eventOf(path, line))
    .filter(([, code]) => code === 'o')
    .map(([, , data]) => data)
    .join('');
  if (joined !== expected) fail(path, 'its output is not what was recorded');
}

function eventOf(path: string, line: string): [number, string, string] {
  const event = parseJson(line);
  const isEvent =
    Array.isArray(event) &&
    event.length === 3 &&
    typeof event[0] === 'number' &&
    typeof event[1] === 'string' &&
    typeof event[2] === 'string';
  return isEvent
    ? (event as [number, string, string])
    : fail(path, `a line of it is no event: ${line.slice(0, 80)}`);
}

function checkPostmortem(bag: Bag, facts: LedgerFacts, known: Set<string>): void {
  for (const path of [names.markdown, names.html, names.viewer]) {
    const isThere = bag.source.places.has(path);
    if (isThere && !facts.hasPostmortem) fail(path, 'it does not belong here: there is no postmortem entry');
    if (!isThere && facts.hasPostmortem) fail(path, 'it is missing, though there is a postmortem entry');
    if (isThere) known.add(path);
  }
  if (facts.hasPostmortem) checkViewer(bag);
}

/** Every embedded copy is its file. */
function checkViewer(bag: Bag): void {
  const text = textOf(bag, names.viewer);
  const embedded = new Set<string>();
  for (const match of text.matchAll(
    /<script type="application\/octet-stream" data-path="([^"]*)" data-sha256="([^"]*)">([^<]*)<\/script>/g,
  )) {
    const [, path = '', sha256 = '', gzip = ''] = match;
    const place = bag.source.places.get(`data/${path}`);
    if (!place) return fail(names.viewer, `it embeds ${path}, which is not in the bundle`);
    const copy = about(names.viewer, () =>
      gunzipSync(Buffer.from(gzip, 'base64'), { maxOutputLength: Math.max(place.size, 1) + 1 }),
    );
    if (
      bag.digests.get(`data/${path}`)!.sha256 !== sha256 ||
      !copy.equals(readPlace(place, wholeLimits.bytes))
    )
      fail(names.viewer, `its copy of ${path} is another`);
    if (embedded.has(`data/${path}`)) fail(names.viewer, `it embeds ${path} twice`);
    embedded.add(`data/${path}`);
  }
  // What is spelt otherwise would be read by the page's script all the same.
  if ([...text.matchAll(/<script\b[^>]*data-path/gi)].length !== embedded.size)
    fail(names.viewer, 'it embeds something in another form');
  for (const { path, size } of bag.source.places.values())
    if (mustEmbed(path, size) && !embedded.has(path)) fail(names.viewer, `it does not embed ${path}`);
}
