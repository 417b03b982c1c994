/** The ledger's lines, and what they say the bundle must hold. */
import { createChainVerifier, type ChainVerifier } from '../../../common/ledger/chain.ts';
import { isWithheld, maxLineBytes } from '../../../common/ledger/entry.ts';
import type { Body, EvidenceRef } from '../../../common/ledger/types.ts';
import { parseJson } from '../../../common/lib/canonical.ts';
import type { Crypto } from '../../../common/lib/crypto.ts';
import { parseVkey, type VerifierKey } from '../../../common/ledger/vkey.ts';
import { names, namesRecordings } from '../bundle/names.ts';
import { textOf, type Bag } from './check-bag.ts';
import { about, fail } from './failure.ts';
import { chunksOf } from './source.ts';

export interface LedgerFacts {
  chain: ChainVerifier;
  /** Ids of entries whose bodies are withheld, with their types. */
  withheld: Map<string, string>;
  /** Blobs of data/evidence that visible bodies name; the first that names one counts. */
  evidence: Map<string, EvidenceRef>;
  /** Digests that visible bodies name at all. */
  named: Set<string>;
  hasPostmortem: boolean;
  /** Notes that take-overs carry: who cosigned them is listed too. */
  takeOverNotes: string[];
}

export function checkLedger(bag: Bag, crypto: Crypto): LedgerFacts {
  const facts: LedgerFacts = {
    chain: createChainVerifier(crypto, { keys: claimedKeys(bag, crypto) }),
    withheld: new Map(),
    evidence: new Map(),
    named: new Set(),
    hasPostmortem: false,
    takeOverNotes: [],
  };
  const place = bag.source.places.get(names.ledger);
  if (!place) return fail(names.ledger, 'it is missing');
  about(names.ledger, () => {
    for (const line of linesOf(chunksOf(place))) take(facts, line);
  });
  if (facts.chain.size === 0) fail(names.ledger, 'it is empty');
  return facts;
}

/** What keys.json lists, before it is known to be right: such keys may stand under a take-over's checkpoint. */
function claimedKeys(bag: Bag, crypto: Crypto): VerifierKey[] {
  return about(names.keys, () => {
    const listed = parseJson(textOf(bag, names.keys)) as { keys?: { vkey?: unknown }[] } | null;
    return (listed?.keys ?? []).map(({ vkey }) => parseVkey(crypto, String(vkey)));
  });
}

function take(facts: LedgerFacts, text: string): void {
  const line = facts.chain.add(text);
  const { head } = line;
  if (head.type.startsWith('postmortem.')) facts.hasPostmortem = true;
  if (head.type === 'host.taken-over' && !isWithheld(line))
    facts.takeOverNotes.push(String(line.body.data.checkpoint));
  if (isWithheld(line)) facts.withheld.set(head.id, head.type);
  else noteEvidence(facts, head.type, line.body);
}

/** What a visible body, or a redacted copy, names. */
export function noteEvidence(facts: LedgerFacts, type: string, body: Body): void {
  for (const blob of body.evidence) {
    facts.named.add(blob.sha256);
    if (!namesRecordings(type) && !facts.evidence.has(blob.sha256)) facts.evidence.set(blob.sha256, blob);
  }
}

/** Lines without their line feeds; the last must have one. */
function* linesOf(chunks: Iterable<Uint8Array>): Generator<string> {
  let rest = Buffer.alloc(0);
  for (const chunk of chunks) {
    const joined = Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = joined.indexOf(10); end >= 0; end = joined.indexOf(10, from)) {
      yield lineText(joined.subarray(from, end));
      from = end + 1;
    }
    rest = joined.subarray(from);
    if (rest.length > maxLineBytes) fail(names.ledger, `a line of it is longer than ${maxLineBytes} bytes`);
  }
  if (rest.length > 0) fail(names.ledger, 'its last line has no line feed');
}

function lineText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (
    Buffer.byteLength(text) !== bytes.length ||
    (text.includes('\ufffd') && !Buffer.from(text).equals(bytes))
  )
    fail(names.ledger, 'a line of it is not UTF-8');
  return text;
}
