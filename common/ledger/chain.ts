/** Checks a ledger line by line, from its own lines alone: chain, bodies, keys, seats, requests, take-overs. */
import { equalBytes, fromBase64, fromHex, fromUtf8, toHex, utf8 } from '../lib/bytes.ts';
import type { Crypto } from '../lib/crypto.ts';
import { messageOf, WarroomError } from '../lib/errors.ts';
import { createChainKeys, type ChainKeys, type ChainSeat, type Epoch } from './chain-keys.ts';
import { isWithheld, maxLineBytes, noEntryBefore, readLine, type ReadLine } from './entry.ts';
import { createTreeHistory, type TreeHistory } from './merkle-history.ts';
import { leafHash } from './merkle.ts';
import { verifyRequest } from './request.ts';
import type { Head, LedgerLine, SignedRequest } from './types.ts';
import type { VerifierKey } from './vkey.ts';

export type { ChainSeat, Epoch } from './chain-keys.ts';

export interface ChainVerifier {
  readonly size: number;
  readonly incident: string;
  /** How many bodies are withheld. */
  readonly withheld: number;
  readonly epochs: readonly Epoch[];
  readonly seats: ReadonlyMap<string, ChainSeat>;
  /** Devices of entry 0, take-overs and seat.joined, each once. */
  readonly devices: readonly VerifierKey[];
  /** `at` of the last entry. */
  readonly lastAt: string;
  root(): Uint8Array;
  /** Root of the first `size` entries. Throws `damaged` unless 0 ≤ size ≤ this.size. */
  rootAt(size: number): Uint8Array;
  /** Takes the next line, without its line feed. Throws `damaged` naming the line; the verifier is then of no more use. */
  add(line: string | Uint8Array): LedgerLine;
}

export interface ChainOptions {
  /** Keys that may also stand under a take-over's checkpoint (in a bundle, those of keys.json). */
  keys?: readonly VerifierKey[];
}

/** Types that carry who and which key: their bodies are never withheld. */
const neverWithheld = new Set(['seat.joined', 'seat.left', 'role.changed', 'host.taken-over']);

export function createChainVerifier(crypto: Crypto, { keys = [] }: ChainOptions = {}): ChainVerifier {
  return new Chain(crypto, keys);
}

class Chain implements ChainVerifier {
  incident = '';
  withheld = 0;
  lastAt = '';
  private readonly crypto: Crypto;
  private readonly keys: ChainKeys;
  private readonly tree: TreeHistory;
  private readonly ids = new Set<string>();
  private readonly nonces = new Set<string>();
  private prev = noEntryBefore;

  constructor(crypto: Crypto, keys: readonly VerifierKey[]) {
    this.crypto = crypto;
    this.keys = createChainKeys(crypto, keys);
    this.tree = createTreeHistory(crypto);
  }

  get size(): number {
    return this.tree.size;
  }

  get epochs(): readonly Epoch[] {
    return this.keys.epochs;
  }

  get seats(): ReadonlyMap<string, ChainSeat> {
    return this.keys.seats;
  }

  get devices(): readonly VerifierKey[] {
    return this.keys.devices;
  }

  root(): Uint8Array {
    return this.tree.rootAt(this.size);
  }

  rootAt(size: number): Uint8Array {
    try {
      return this.tree.rootAt(size);
    } catch {
      throw new WarroomError('damaged', `The ledger has ${this.size} entries, not ${size}.`);
    }
  }

  add(given: string | Uint8Array): LedgerLine {
    try {
      const text = typeof given === 'string' ? given : fromUtf8(given);
      if (isTooLong(text)) fail(`the line is longer than ${maxLineBytes} bytes`);
      const read = readLine(text);
      this.checkHead(read.line.head);
      this.checkBody(read);
      this.append(read);
      return read.line;
    } catch (error) {
      throw new WarroomError('damaged', `Entry ${this.size}: ${messageOf(error)}`, '', { seq: this.size });
    }
  }

  private append({ line: { head }, headText }: ReadLine): void {
    const leaf = leafHash(this.crypto, utf8(headText));
    this.tree.append(leaf);
    this.prev = toHex(leaf);
    this.ids.add(head.id);
    this.lastAt = head.at;
  }

  private checkHead(head: Head): void {
    if (head.seq !== this.size) fail(`its seq is ${head.seq}`);
    if (head.prev !== this.prev) fail('it does not follow from the entry before (prev)');
    if (this.ids.has(head.id)) fail('its id stands twice');
    if (this.size === 0) this.incident = head.incident;
    else if (head.incident !== this.incident) fail('it is of another incident');
    if (this.size === 1 && head.type !== 'seat.joined') fail("entry 1 is not the host's own seat");
    const epoch = this.epochs.at(-1)?.epoch ?? 0;
    const isTakeOver = head.seq > 0 && head.type === 'host.taken-over';
    if (head.epoch !== (isTakeOver ? epoch + 1 : epoch)) fail(`its epoch is ${head.epoch}`);
  }

  private checkBody({ line, bodyText }: ReadLine): void {
    const { head } = line;
    if (isWithheld(line) || bodyText === null) {
      if (head.seq === 0 || neverWithheld.has(head.type)) fail(`the body of ${head.type} is never withheld`);
      this.withheld++;
      return;
    }
    const hash = this.crypto.sha256(fromHex(line.salt), utf8(bodyText));
    if (toHex(hash) !== head.bodyHash) fail('its body is not the one its head names (bodyHash)');
    this.keys.add(line, () => this.root());
    if (line.body.req) this.checkRequest(line.body.req);
  }

  private checkRequest(req: SignedRequest): void {
    const seat = this.seats.get(req.key);
    if (!seat) return fail('its request is by a seat that had not joined');
    const request = verifyRequest(this.crypto, req, seat.key.publicKey);
    if (request.incident !== this.incident) fail('its request is for another incident');
    if (this.nonces.has(request.nonce)) fail("its request's nonce was used before");
    this.nonces.add(request.nonce);
    if (request.head.size > this.size) fail("its request's head lies after it");
    if (!equalBytes(this.rootAt(request.head.size), fromBase64(request.head.root)))
      fail("its request's head is no prefix of this ledger");
  }
}

/** A UTF-16 unit is at most three bytes: only long lines need counting. The line feed counts too. */
function isTooLong(text: string): boolean {
  return text.length * 3 >= maxLineBytes && utf8(text).length >= maxLineBytes;
}

function fail(why: string): never {
  throw new WarroomError('damaged', why);
}
